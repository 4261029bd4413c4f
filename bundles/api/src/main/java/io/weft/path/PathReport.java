package io.weft.path;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a peer is reached as it is, or is not. Of the latest attempt.
 *
 * @param state {@code gathering}, {@code signalling}, {@code checking}, {@code direct}, {@code relayed}, {@code failed} or {@code idle}
 * @param path the path in use, or null
 * @param policy the policy that applied: {@code any}, {@code direct_only}, {@code relay_only}
 * @param cause a stable code why it failed or is not direct, such as {@code no_udp}, {@code both_symmetric}, {@code turn_refused},
 *     {@code clock_skew}, {@code no_relay}, {@code consent_expired}, {@code policy}, {@code no_signal}; empty if direct
 * @param advice one sentence on what the operator can do; empty if nothing need be done
 */
public record PathReport(
    String peer,
    String state,
    long attempt,
    Instant since,
    @Nullable PathInfo path,
    String policy,
    List<Candidate> local,
    List<Candidate> remote,
    List<PairReport> pairs,
    String cause,
    String advice) {

  public PathReport {
    local = List.copyOf(local);
    remote = List.copyOf(remote);
    pairs = List.copyOf(pairs);
  }
}
