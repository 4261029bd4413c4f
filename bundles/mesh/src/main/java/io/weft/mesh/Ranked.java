package io.weft.mesh;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Services that come and go, those of higher ranking first; of equal ranking the older first, as the framework orders them. */
final class Ranked<S> {

  private record Entry<S>(S service, int ranking, long id) {}

  private static final Comparator<Entry<?>> ORDER =
      Comparator.<Entry<?>>comparingInt(e -> -e.ranking).thenComparingLong(Entry::id);

  private volatile List<Entry<S>> entries = List.of();

  synchronized void add(S service, Map<String, Object> properties) {
    int ranking = properties.get("service.ranking") instanceof Integer given ? given : 0;
    long id = properties.get("service.id") instanceof Long given ? given : Long.MAX_VALUE;
    List<Entry<S>> next = new ArrayList<>(entries);
    next.add(new Entry<>(service, ranking, id));
    next.sort(ORDER);
    entries = List.copyOf(next);
  }

  synchronized void remove(S service) {
    entries = entries.stream().filter(e -> e.service != service).toList();
  }

  /** A snapshot. */
  List<S> all() {
    return entries.stream().map(Entry::service).toList();
  }
}
