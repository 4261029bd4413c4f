package io.weft.relay.server;

import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The ports that may be lent, and those that are. Drawn at random, so that nobody guesses the next one. Any thread. */
final class PortRange {

  private static final int DRAWS = 32;

  private final int first;
  private final int last;
  private final Set<Integer> taken = new HashSet<>();

  private PortRange(int first, int last) {
    this.first = first;
    this.last = last;
  }

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  static PortRange parse(String text) {
    String trimmed = text.trim();
    if (trimmed.matches("[0-9]{1,5}-[0-9]{1,5}")) {
      int dash = trimmed.indexOf('-');
      int first = Integer.parseInt(trimmed.substring(0, dash));
      int last = Integer.parseInt(trimmed.substring(dash + 1));
      if (first >= 1 && first <= last && last <= 65_535) {
        return new PortRange(first, last);
      }
    }
    throw new IllegalArgumentException("'" + text.replaceAll("\\p{Cntrl}", "?") + "': expected first-last such as 49152-65535");
  }

  int size() {
    return last - first + 1;
  }

  /** What kind of port is wanted. */
  enum Want {
    any,
    even,
    /** An even one, and the next, which is taken too. */
    pair
  }

  /** Takes a port; 0 if none was found that is free. */
  synchronized int take(RandomGenerator random, Want want) {
    if (taken.size() >= size()) {
      return 0;
    }
    for (int i = 0; i < DRAWS; i++) {
      int port = first + random.nextInt(size());
      if (isFree(port, want)) {
        return taken(port, want);
      }
    }
    for (int port = first; port <= last; port++) {
      if (isFree(port, want)) {
        return taken(port, want);
      }
    }
    return 0;
  }

  private int taken(int port, Want want) {
    taken.add(port);
    if (want == Want.pair) {
      taken.add(port + 1);
    }
    return port;
  }

  private boolean isFree(int port, Want want) {
    return (want == Want.any || port % 2 == 0) && !taken.contains(port)
        && (want != Want.pair || port < last && !taken.contains(port + 1));
  }

  synchronized void give(int port) {
    taken.remove(port);
  }
}
