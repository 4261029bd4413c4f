package io.weft.path.ice;

import java.time.Duration;

/**
 * How long this node's NAT may be left without a packet. Begins with what nearly all of them stand; halves what was too long when the
 * peer sees us at another address after a silence, and creeps up again while all goes well. On one loop only.
 */
final class Keepalive {

  private static final long FIRST = Duration.ofSeconds(15).toNanos();
  private static final long LEAST = Duration.ofSeconds(2).toNanos();
  private static final long MOST = Duration.ofSeconds(25).toNanos();
  private static final int GOOD = 20;

  private long interval = FIRST;
  private long tooLong = MOST;
  private int good;

  long intervalNanos() {
    return interval;
  }

  /** After this silence the mapping was gone. */
  void lost(long silence) {
    if (silence < LEAST) {
      return; // That fast no NAT forgets: it was rebound.
    }
    tooLong = Math.min(tooLong, silence);
    interval = Math.max(LEAST, Math.min(interval, silence / 2));
    good = 0;
  }

  /** After this silence it was still there. */
  void kept(long silence) {
    if (silence >= interval / 2 && ++good >= GOOD) {
      good = 0;
      interval = Math.min(interval + interval / 4, Math.max(LEAST, tooLong * 3 / 4));
    }
  }
}
