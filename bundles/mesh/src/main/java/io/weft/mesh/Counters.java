package io.weft.mesh;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts by stable name. Any thread. Names are ours, never a peer's, so there are only so many. */
final class Counters {

  private final Map<String, LongAdder> counters = new ConcurrentHashMap<>();

  void add(String name) {
    counters.computeIfAbsent(name, n -> new LongAdder()).increment();
  }

  Map<String, Long> values() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, count) -> values.put(name, count.sum()));
    return values;
  }
}
