package io.weft.dcs.raft.member;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who founds the store, decided from what the founders in the configuration say of themselves. All of them must be there at once.
 *
 * @param founders empty as long as something is missing, or another node is to decide
 * @param waitsFor for people
 */
record Founding(List<MemberId> founders, String waitsFor) {

  Founding {
    founders = List.copyOf(founders);
  }

  /** @param self this node, with the storage that it has */
  static Founding of(MemberId self, List<String> configured, Map<String, Greeting> greetings) {
    List<String> all = sorted(configured);
    List<String> missing =
        all.stream().filter(node -> !node.equals(self.node()) && !isReady(greetings.get(node))).toList();
    List<String> others = greetings.entrySet().stream()
        .filter(e -> !sorted(e.getValue().configured()).equals(all) && configured.contains(e.getKey()))
        .map(e -> e.getKey() + " has " + sorted(e.getValue().configured())).toList();
    if (!missing.isEmpty()) {
      return new Founding(List.of(), "waits for " + String.join(", ", missing) + ": to found the store, all of "
          + String.join(", ", all) + " must be there at once");
    } else if (!others.isEmpty()) {
      return new Founding(List.of(), "waits until all have the same members in their configuration: this node has " + all + ", "
          + String.join(", ", others));
    } else if (!all.get(0).equals(self.node())) {
      return new Founding(List.of(), "waits for " + all.get(0) + " to found the store");
    }
    List<MemberId> founders = new ArrayList<>();
    for (String node : all) {
      Greeting greeting = greetings.get(node);
      founders.add(greeting == null ? self : new MemberId(node, greeting.storage()));
    }
    return new Founding(founders, "founds the store");
  }

  private static boolean isReady(@Nullable Greeting greeting) {
    return greeting != null && !greeting.storage().isEmpty();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }
}
