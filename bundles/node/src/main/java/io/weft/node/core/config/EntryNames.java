package io.weft.node.core.config;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Names the entries of one list, by what they are about rather than by their place, so that moving one changes nothing. */
final class EntryNames {

  private static final List<String> NAMING = List.of("name", "peer", "service");
  private static final List<String> KINDS = List.of("tcp", "udp", "http");

  private final Set<String> used = new HashSet<>();

  String name(Instance entry, int index) {
    Optional<String> about =
        entry.pid().equals(ConfigSchema.FORWARD_PID)
            ? address(entry)
            : NAMING.stream().flatMap(id -> entry.text(id).stream()).findFirst().map(name -> name + kind(entry));
    String plain = about.map(name -> name.replaceAll("[^A-Za-z0-9._-]", "_")).orElse("entry-" + index);
    String name = plain;
    for (int i = 2; !used.add(name); i++) {
      name = plain + "-" + i;
    }
    return name;
  }

  private static Optional<String> address(Instance entry) {
    return KINDS.stream().flatMap(kind -> entry.text(kind).map(address -> kind + "-" + address).stream()).findFirst();
  }

  private static String kind(Instance entry) {
    return KINDS.stream().filter(kind -> entry.text(kind).isPresent()).findFirst().map(kind -> "-" + kind).orElse("");
  }
}
