package io.weft.support.signal;

import io.weft.node.Clock;
import io.weft.node.PeerIdentity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides which envelopes a node believes. What came between it and the sender may have delayed, repeated, reordered or made up
 * anything. Not thread-safe.
 */
public final class Gate {

  /** How long an envelope is worth reading. */
  public static final Duration LIFETIME = Duration.ofSeconds(120);

  /** How far apart two clocks may be. */
  public static final Duration SKEW_MAX = Duration.ofSeconds(60);

  private static final int SENDERS_MAX = 4_096;
  private static final int NONCES_MAX = 512;

  /** What becomes of an envelope. */
  public enum Verdict { accepted, not_for_us, forged, out_of_time, stale_attempt, repeated }

  private final String self;
  private final Sealer sealer;
  private final Clock clock;
  private final ReplayCache seen =
      new ReplayCache(SENDERS_MAX, NONCES_MAX, LIFETIME.toMillis() + 2 * SKEW_MAX.toMillis());
  private final Map<String, Long> attempts = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > SENDERS_MAX;
    }
  };

  public Gate(String self, Sealer sealer, Clock clock) {
    this.self = self;
    this.sealer = sealer;
    this.clock = clock;
  }

  /** @param sender the key that the name in the envelope has to prove */
  public Verdict judge(PeerIdentity sender, Envelope envelope) {
    long now = clock.now().toEpochMilli();
    if (!envelope.to().equals(self)) {
      return Verdict.not_for_us;
    }
    if (envelope.time() > now + SKEW_MAX.toMillis() || envelope.time() < now - LIFETIME.plus(SKEW_MAX).toMillis()) {
      return Verdict.out_of_time;
    }
    long attempt = envelope.signal().attempt();
    if (attempt < attempts.getOrDefault(sender.name(), 0L)) {
      return Verdict.stale_attempt;
    }
    if (!sealer.isGenuine(sender, envelope)) {
      return Verdict.forged;
    }
    if (!seen.admit(sender.name(), envelope.nonce(), envelope.time(), now)) {
      return Verdict.repeated;
    }
    attempts.put(sender.name(), attempt);
    return Verdict.accepted;
  }
}
