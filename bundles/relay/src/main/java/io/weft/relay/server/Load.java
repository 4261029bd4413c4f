package io.weft.relay.server;

/** The rate of late: an average that forgets what is older than some ten seconds. Any thread. */
final class Load {

  private static final double MEMORY_NANOS = 10e9;

  private double perNano;
  private long last;

  Load(long now) {
    last = now;
  }

  synchronized void add(long bytes, long now) {
    forget(now);
    perNano += bytes / MEMORY_NANOS;
  }

  synchronized long perSecond(long now) {
    forget(now);
    return Math.round(perNano * 1e9);
  }

  private void forget(long now) {
    if (now > last) {
      perNano *= Math.exp((last - now) / MEMORY_NANOS);
      last = now;
    }
  }
}
