package io.weft.path.ice;

import io.weft.path.Candidate;
import io.weft.path.ice.check.RemoteAddress;
import java.util.ArrayList;
import java.util.List;

/** What this node found of itself for one attempt. On the loop only. */
final class Gathered {

  private static final int MAX = 16;

  private final List<RemoteAddress> addresses = new ArrayList<>();
  private final List<Wire> relays = new ArrayList<>();

  /** Another attempt begins. */
  void clear() {
    addresses.clear();
    relays.clear();
  }

  /** Returns those that are new, as far as there is room. */
  List<RemoteAddress> add(List<RemoteAddress> found) {
    List<RemoteAddress> news = found.stream().filter(f -> !addresses.contains(f)).limit(Math.max(0, MAX - addresses.size())).toList();
    addresses.addAll(news);
    return news;
  }

  void add(Wire relay) {
    relays.add(relay);
  }

  List<Wire> relays() {
    return List.copyOf(relays);
  }

  List<Candidate> report() {
    return addresses.stream().map(Reports::candidate).toList();
  }
}
