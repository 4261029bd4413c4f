package io.weft.node.core.config;

import io.weft.support.HostPort;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where this node will listen: every address is one, and no two parts of the node want the same. */
final class LocalAddresses {

  private static final String LISTEN = "listen";

  private final List<Instance> instances;
  private final Map<String, Instance> peers;
  private final List<Problem> problems;
  private final Map<String, Map<String, ConfigValue>> byPort = new HashMap<>();

  LocalAddresses(List<Instance> instances, Map<String, Instance> peers, List<Problem> problems) {
    this.instances = instances;
    this.peers = peers;
    this.problems = problems;
  }

  void check() {
    for (Instance instance : instances) {
      if (!instance.pid().equals(ConfigSchema.FORWARD_PID)) {
        listeners(instance);
      }
    }
    for (Instance instance : instances) {
      if (instance.pid().equals(ConfigSchema.FORWARD_PID)) {
        for (String kind : List.of("tcp", "udp", "http")) {
          instance.value(kind).filter(ConfigValue::written)
              .ifPresent(v -> forward(instance, kind.equals("udp") ? "udp" : "tcp", v));
        }
      }
    }
  }

  /** Port 0 means any free one, so it cannot be taken twice. */
  private void listeners(Instance instance) {
    for (ConfigValue value : instance.values().values()) {
      boolean listens = value.schema().id().equals(LISTEN) || value.schema().id().endsWith("." + LISTEN);
      if (!listens || !value.written() || value.schema().type() != KeySchema.Type.TEXT) {
        continue;
      }
      for (String text : value.value() instanceof List<?> ? instance.list(value.schema().id()) : List.of(value.text())) {
        if (text.isEmpty()) {
          continue;
        }
        boolean anyPort = text.endsWith(":0");
        HostPort address = parse(value, anyPort ? text.substring(0, text.length() - 1) + "1" : text);
        if (address != null && !address.isLiteral()) {
          problem(value, "'" + Text.shown(text)
              + "' has a name where an IP address is needed; write one such as 0.0.0.0 or 127.0.0.1");
        } else if (address != null && !anyPort) {
          take(value, instance.pid().startsWith("weft.transport.") ? "udp" : "tcp", address.host(), address.port());
        }
      }
    }
  }

  private void forward(Instance forward, String protocol, ConfigValue value) {
    HostPort address = parse(value, value.text());
    if (address == null) {
      return;
    }
    Optional<String> host =
        switch (address.host()) {
          case "peer" -> peerAddress(forward, value);
          case "service" -> serviceAddress(forward, value);
          case "localhost" -> Optional.of("127.0.0.1");
          default -> literal(address, value);
        };
    host.ifPresent(h -> take(value, protocol, h, address.port()));
  }

  private Optional<String> peerAddress(Instance forward, ConfigValue value) {
    String at = forward.text("at").orElse("any");
    Instance peer = peers.get(at);
    if (at.equals("any")) {
      problem(value, "needs the address of one peer, but 'at' is 'any'; name the peer there");
      return Optional.empty();
    }
    if (peer == null) {
      return Optional.empty(); // another source may know its number; that it is unknown is told where it is named
    }
    if (peer.number("vip") == 0) {
      problem(value, "needs a number for the address of " + Text.shown(at)
          + "; add vip: 1 to 254 to that peer, the same on all nodes");
      return Optional.empty();
    }
    return Optional.of("127.50.0." + peer.number("vip"));
  }

  private Optional<String> serviceAddress(Instance forward, ConfigValue value) {
    long vip = forward.number("vip");
    if (vip == 0) {
      problem(value, "needs a number for the address of the service; add vip: 1 to 254 to this entry");
      return Optional.empty();
    }
    return Optional.of("127.10.0." + vip);
  }

  private Optional<String> literal(HostPort address, ConfigValue value) {
    if (!address.isLiteral()) {
      problem(value, "'" + Text.shown(value.text())
          + "' has a name where an IP address is needed; write an address of this machine, peer:PORT or service:PORT");
      return Optional.empty();
    }
    return Optional.of(address.host());
  }

  private void take(ConfigValue value, String protocol, String host, int port) {
    Map<String, ConfigValue> taken = byPort.computeIfAbsent(protocol + "/" + port, key -> new HashMap<>());
    for (Map.Entry<String, ConfigValue> other : taken.entrySet()) {
      if (other.getKey().equals(host) || isAll(other.getKey()) || isAll(host)) {
        ConfigValue first = other.getValue();
        problem(value, protocol + " port " + port + " of " + host + " is taken by " + first.path() + " in line " + first.line()
            + "; choose another");
        return;
      }
    }
    taken.put(host, value);
  }

  private static boolean isAll(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  private @Nullable HostPort parse(ConfigValue value, String text) {
    try {
      return HostPort.parse(text);
    } catch (IllegalArgumentException e) {
      problem(value, e.getMessage() + "; correct it");
      return null;
    }
  }

  private void problem(ConfigValue value, String text) {
    problems.add(new Problem(value.line(), value.path(), text));
  }
}
