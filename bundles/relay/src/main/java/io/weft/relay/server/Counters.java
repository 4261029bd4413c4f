package io.weft.relay.server;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts since the component started. Any thread. */
final class Counters {

  private final LongAdder[] counts = new LongAdder[Count.values().length];

  Counters() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  void add(Count count) {
    counts[count.ordinal()].increment();
  }

  void add(Count count, long n) {
    counts[count.ordinal()].add(n);
  }

  long get(Count count) {
    return counts[count.ordinal()].sum();
  }

  Map<String, Long> snapshot() {
    Map<String, Long> all = new TreeMap<>();
    for (Count count : Count.values()) {
      all.put(count.name().toLowerCase(Locale.ROOT), get(count));
    }
    return all;
  }
}
