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

  /** Takes a port; 0 if none was found that is free. */
  synchronized int take(RandomGenerator random, boolean even) {
    if (taken.size() >= size()) {
      return 0;
    }
    for (int i = 0; i < DRAWS; i++) {
      int port = first + random.nextInt(size());
      if (isFree(port, even)) {
        taken.add(port);
        return port;
      }
    }
    for (int port = first; port <= last; port++) {
      if (isFree(port, even)) {
        taken.add(port);
        return port;
      }
    }
    return 0;
  }

  /** Takes exactly that port. */
  synchronized boolean take(int port) {
    return port >= first && port <= last && taken.add(port);
  }

  private boolean isFree(int port, boolean even) {
    return (!even || port % 2 == 0) && !taken.contains(port);
  }

  synchronized void give(int port) {
    taken.remove(port);
  }
}
