package io.weft.support.fence;

import java.time.Instant;

/**
 * Somebody tried to act.
 *
 * @param asked when, right before it was asked whether {@code node} may act; nanoseconds of the monotonic clock, which all
 *     processes of a machine share
 * @param arrived when the attempt was heard of; the same clock
 * @param accepted whether the effect took place
 */
public record Attempt(String node, String job, Instant period, long token, long asked, long arrived, boolean accepted) {

  /** One line, for people. */
  public String text() {
    return String.format("%.3f s  node=%s job=%s period=%s token=%d %s", arrived / 1e9, node, job, period, token,
        accepted ? "accepted" : "refused");
  }
}
