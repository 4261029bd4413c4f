package io.weft.dcs;

import java.time.Duration;

/**
 * What a backend can do, and its bounds.
 *
 * @param linearizableReads whether {@link ReadMode#LINEARIZABLE} is served
 * @param watchHistory whether a watch can go on after an interruption without a reset, as long as the history reaches
 * @param serverSessions whether the store itself ends sessions and deletes their keys; if not, clients do it for each other, and
 *     a session of a store without any client left stays until one comes
 * @param waitsBehindLostHolder the longest that a key may stay locked after its session ended, beyond the TTL (lock delay); often
 *     zero
 * @param transactionMax most writes in one transaction; 0 if there are none
 * @param ttlMin shortest TTL of a session
 * @param ttlMax longest TTL of a session
 */
public record Capabilities(
    boolean linearizableReads,
    boolean watchHistory,
    boolean serverSessions,
    Duration waitsBehindLostHolder,
    int transactionMax,
    Duration ttlMin,
    Duration ttlMax) {

  public Capabilities {
    if (transactionMax < 0 || ttlMin.isNegative() || ttlMin.isZero() || ttlMax.compareTo(ttlMin) < 0) {
      throw new IllegalArgumentException("transactionMax must not be negative, nor ttlMax shorter than ttlMin");
    }
  }

  /** The nearest TTL that the backend takes. */
  public Duration clampTtl(Duration ttl) {
    return ttl.compareTo(ttlMin) < 0 ? ttlMin : ttl.compareTo(ttlMax) > 0 ? ttlMax : ttl;
  }
}
