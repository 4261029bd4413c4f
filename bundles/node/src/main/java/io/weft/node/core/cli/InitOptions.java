package io.weft.node.core.cli;

import io.weft.node.Names;
import io.weft.support.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code weft init} was asked for.
 *
 * @param name of the node; empty for that of the machine
 * @param listenGiven where links are to come in, if it was said
 * @param formation file with the formation secret; empty to use the one that is there or draw one
 * @param json whether to say as JSON what was made
 */
record InitOptions(
    Optional<String> name, String fabric, Optional<String> listenGiven, List<Peer> peers, Optional<Path> formation, boolean json) {

  /** Where links come in; this machine only, unless somebody said otherwise. */
  String listen() {
    return listenGiven.orElse("127.0.0.1:7450");
  }

  /** @param addresses may be empty, for a peer that dials */
  record Peer(String name, List<HostPort> addresses) {}

  /** @throws IllegalArgumentException with one line that says what is wrong */
  static InitOptions parse(String[] args) {
    String name = null;
    String fabric = "weft";
    String listen = null;
    String formation = null;
    List<Peer> peers = new ArrayList<>();
    boolean json = false;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--json")) {
        json = true;
        continue;
      }
      int equals = args[i].startsWith("--") ? args[i].indexOf('=') : -1;
      String option = equals > 0 ? args[i].substring(0, equals) : args[i];
      if (!List.of("--name", "--fabric", "--listen", "--peer", "--formation-from").contains(option)) {
        throw new IllegalArgumentException("unexpected '" + option + "'; see weft init --help");
      }
      if (equals < 0 && i + 1 == args.length) {
        throw new IllegalArgumentException(option + " needs a value; see weft init --help");
      }
      String value = equals > 0 ? args[i].substring(equals + 1) : args[++i];
      switch (option) {
        case "--name" -> name = Names.check("--name", value);
        case "--fabric" -> fabric = Names.check("--fabric", value);
        case "--listen" -> listen = address("--listen", value).toString();
        case "--formation-from" -> formation = value;
        default -> peers.add(peer(value));
      }
    }
    return new InitOptions(
        Optional.ofNullable(name), fabric, Optional.ofNullable(listen), List.copyOf(peers),
            Optional.ofNullable(formation).map(Path::of), json);
  }

  private static Peer peer(String value) {
    int equals = value.indexOf('=');
    String name = Names.check("--peer", equals < 0 ? value : value.substring(0, equals));
    List<HostPort> addresses = new ArrayList<>();
    if (equals >= 0) {
      for (String text : value.substring(equals + 1).split(",", -1)) {
        addresses.add(parsed("--peer " + name, text));
      }
    }
    if (addresses.size() > 1 && addresses.stream().anyMatch(a -> !a.isLiteral())) {
      throw new IllegalArgumentException("--peer " + name
          + ": several addresses must all be IP addresses; a host name goes alone");
    }
    return new Peer(name, addresses);
  }

  private static HostPort address(String what, String value) {
    HostPort address = parsed(what, value);
    if (!address.isLiteral()) {
      throw new IllegalArgumentException(what + ": '" + value
          + "' has a name where an IP address is needed, such as 0.0.0.0:7450");
    }
    return address;
  }

  private static HostPort parsed(String what, String value) {
    try {
      return HostPort.parse(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }
}
