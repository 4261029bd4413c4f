package io.weft.relay.server;

import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Ports beside lent ones that are kept for a second allocation, for a while (RFC 8656, section 7.2). Any thread. */
final class Reservations {

  static final Duration LIFE = Duration.ofSeconds(30);

  private static final int MAX = 256;

  private record Reserved(int port, Registration end) {}

  private final PortRange ports;
  private final Timers timers;
  private final RandomGenerator random;
  private final Map<Long, Reserved> byToken = new HashMap<>();

  Reservations(PortRange ports, Timers timers, RandomGenerator random) {
    this.ports = ports;
    this.timers = timers;
    this.random = random;
  }

  /** Keeps a port that was taken; 0 if there are too many, and then it was given back. */
  synchronized long keep(int port) {
    if (byToken.size() >= MAX) {
      ports.give(port);
      return 0;
    }
    long token = random.nextLong() | 1;
    byToken.put(token, new Reserved(port, timers.after(LIFE, Runnable::run, () -> expire(token))));
    return token;
  }

  private synchronized void expire(long token) {
    Reserved reserved = byToken.remove(token);
    if (reserved != null) {
      ports.give(reserved.port);
    }
  }

  /** The port of that token, which is the caller's from now on; 0 if there is none. */
  synchronized int claim(long token) {
    Reserved reserved = byToken.remove(token);
    if (reserved == null) {
      return 0;
    }
    reserved.end.close();
    return reserved.port;
  }

  synchronized void close() {
    byToken.values().forEach(reserved -> reserved.end.close());
    byToken.clear();
  }
}
