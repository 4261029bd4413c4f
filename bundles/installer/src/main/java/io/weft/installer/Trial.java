package io.weft.installer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Whether a change of plugins was good, from looking at the node now and then. Not thread-safe. */
final class Trial {

  /** @param keep whether the change stays; else {@code why} says why it does not */
  record Verdict(boolean keep, String why) {}

  private final Duration wellFor;
  private final Duration unwellFor;
  private long wellSince;
  private long unwellSince = -1;

  /** @param now monotonic nanoseconds */
  Trial(long now, Duration wellFor, Duration unwellFor) {
    this.wellSince = now;
    this.wellFor = wellFor;
    this.unwellFor = unwellFor;
  }

  /**
   * Looks again.
   *
   * @param fatal what can only be answered by going back
   * @param unwell what is wrong that was not wrong before the change
   * @return empty if it is too early to say
   */
  Optional<Verdict> look(long now, Optional<String> fatal, List<String> unwell) {
    if (fatal.isPresent()) {
      return Optional.of(new Verdict(false, fatal.get()));
    }
    if (unwell.isEmpty()) {
      if (unwellSince >= 0) {
        wellSince = now;
        unwellSince = -1;
      }
      return now - wellSince >= wellFor.toNanos() ? Optional.of(new Verdict(true, "kept")) : Optional.empty();
    }
    if (unwellSince < 0) {
      unwellSince = now;
    }
    return now - unwellSince < unwellFor.toNanos() ? Optional.empty()
        : Optional.of(new Verdict(false, "the node was unwell for " + unwellFor.toSeconds() + " s: " + String.join("; ", unwell)));
  }
}
