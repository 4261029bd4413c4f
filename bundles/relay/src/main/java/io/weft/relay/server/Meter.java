package io.weft.relay.server;

/** Lets so many units pass per second, in bursts of a quarter of a second. Not thread-safe unless locked. */
final class Meter {

  private static final long BURST_DIVISOR = 4;
  private static final double NANOS = 1e9;

  private double perNano;
  private double burst;
  private double left;
  private long last;

  Meter(long perSecond, long now) {
    last = now;
    limit(perSecond);
    left = burst;
  }

  synchronized void limit(long perSecond) {
    perNano = perSecond / NANOS;
    burst = Math.max(perSecond / BURST_DIVISOR, 1);
    left = Math.min(left, burst);
  }

  /** Takes {@code units} if there is anything left: what is larger than the rest goes into debt, so large ones pass too. */
  synchronized boolean take(long units, long now) {
    if (now > last) {
      left = Math.min(burst, left + (now - last) * perNano);
      last = now;
    }
    if (left <= 0) {
      return false;
    }
    left -= units;
    return true;
  }
}
