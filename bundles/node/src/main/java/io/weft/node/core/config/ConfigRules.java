package io.weft.node.core.config;

import io.weft.node.Names;
import io.weft.support.HostPort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What no type can say: names are names, nothing is there twice, whatever is referred to exists. Each finding names its line. */
final class ConfigRules {

  private static final int VIP_MAX = 254;
  private static final int ADDRESSES_MAX = 16;
  private static final int LABELS_MAX = 32;
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}=[\\x20-\\x7e]{0,128}");
  private static final int LOGGERS_MAX = 64;
  private static final Pattern LOGGER_LEVEL = Pattern.compile("[A-Za-z][A-Za-z0-9_.$-]{0,255}=(error|warn|info|debug|trace)");
  private static final String EVERYONE = "*";
  private static final String ANY = "any";

  private final List<Instance> instances;
  private final List<Problem> problems;
  private final List<Problem> warnings;
  private final String self;
  private final Map<String, Instance> peers = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final boolean open;

  private ConfigRules(List<Instance> instances, List<Problem> problems, List<Problem> warnings) {
    this.instances = instances;
    this.problems = problems;
    this.warnings = warnings;
    this.self = of(ConfigSchema.NODE_PID).stream().findFirst().flatMap(node -> node.text("node.name")).orElse("");
    of(ConfigSchema.PEERS_PID).forEach(peer -> peer.text("name").ifPresent(name -> peers.putIfAbsent(name, peer)));
    List<Instance> discovery =
        instances.stream().filter(i -> i.pid().startsWith("weft.discovery.") && !i.pid().equals(ConfigSchema.PEERS_PID)
            && i.written()).toList();
    discovery.forEach(i -> i.text("peer").ifPresent(seen::add));
    this.open = discovery.stream().anyMatch(i -> i.text("peer").isEmpty());
    seen.addAll(peers.keySet());
  }

  static void check(List<Instance> instances, List<Problem> problems, List<Problem> warnings) {
    ConfigRules rules = new ConfigRules(instances, problems, warnings);
    rules.node();
    rules.peers();
    rules.exposed();
    rules.serviceNumbers();
    rules.forwards();
    rules.log();
    new LocalAddresses(instances, rules.peers, problems).check();
    SignalingRules.check(instances, problems);
  }

  private List<Instance> of(String pid) {
    return instances.stream().filter(i -> i.pid().equals(pid)).toList();
  }

  private void node() {
    for (Instance node : of(ConfigSchema.NODE_PID)) {
      name(node, "fabric", "a fabric name");
      name(node, "node.name", "a node name");
      labels(node, "node.labels");
    }
  }

  private void peers() {
    Map<String, Integer> names = new HashMap<>();
    Map<Long, String> vips = new HashMap<>();
    of(ConfigSchema.NODE_PID).forEach(node -> vip(node, "node.vip", "this node", vips));
    for (Instance peer : of(ConfigSchema.PEERS_PID)) {
      name(peer, "name", "a peer name");
      peer.value("name").ifPresent(name -> {
        String text = name.text();
        Integer first = names.putIfAbsent(text, name.line());
        if (first != null) {
          problem(name, "the peer '" + Text.shown(text) + "' is listed twice, first in line " + first + "; keep one entry");
        }
        if (text.equals(self)) {
          problem(name, "is this node itself; list only the others");
        }
      });
      vip(peer, "vip", "peer " + Text.shown(peer.text("name").orElse("?")), vips);
      addresses(peer);
      labels(peer, "labels");
    }
  }

  private void addresses(Instance peer) {
    peer.value("addresses").filter(ConfigValue::written).ifPresent(value -> {
      Set<String> once = new HashSet<>();
      for (String address : peer.list("addresses")) {
        Optional<HostPort> parsed = address(value, address);
        if (parsed.isPresent() && !parsed.get().isLiteral()) {
          problem(value, "'" + Text.shown(address)
              + "' has a name where an IP address is needed; for names use the section discovery.basic.dns");
        }
        if (parsed.isPresent() && !once.add(parsed.get().toString())) {
          problem(value, "'" + Text.shown(address) + "' is listed twice; keep one");
        }
      }
      if (once.size() > ADDRESSES_MAX) {
        problem(value, "has " + once.size() + " addresses; a peer has at most " + ADDRESSES_MAX);
      }
    });
  }

  private void exposed() {
    Map<String, Integer> services = new HashMap<>();
    for (Instance service : of(ConfigSchema.EXPOSE_PID)) {
      name(service, "service", "a service name");
      Optional<ConfigValue> target = oneKind(service, "where the service is");
      target.ifPresent(t -> target(service, t));
      String kind = target.map(t -> t.schema().id().equals("udp") ? "udp" : "tcp").orElse("?");
      service.value("service").ifPresent(name -> {
        Integer first = services.putIfAbsent(name.text() + "/" + kind, name.line());
        if (first != null) {
          problem(name, "the service '" + Text.shown(name.text()) + "' is exposed twice over " + kind + ", first in line "
              + first + "; keep one entry");
        }
      });
      allow(service);
    }
  }

  private void target(Instance service, ConfigValue value) {
    HostPort address = address(value, value.text()).orElse(null);
    if (address == null) {
      return;
    }
    switch (address.host()) {
      case "localhost" -> { }
      case "service" -> {
        if (service.number("vip") == 0) {
          problem(value, "needs a number for the address of the service; add vip: 1 to 254 to this entry");
        }
      }
      case "peer" ->
          problem(value, "is an address of a peer; a service is exposed where it runs, so write an address of this side");
      default -> {
        if (!address.isLiteral()) {
          problem(value, "'" + Text.shown(value.text())
              + "' has a name where an IP address is needed; write one such as 127.0.0.1:"
              + address.port());
        }
      }
    }
  }

  private void allow(Instance service) {
    Optional<ConfigValue> written = service.value("allow").filter(ConfigValue::written);
    if (written.isEmpty() || service.list("allow").isEmpty()) {
      warnings.add(new Problem(service.line(), service.path() + ".allow",
          "is empty, so nobody may use this service; list the peers that may"));
      return;
    }
    Set<String> once = new HashSet<>();
    for (String peer : service.list("allow")) {
      if (!once.add(peer)) {
        problem(written.get(), "'" + Text.shown(peer) + "' is listed twice; keep one");
      } else if (!peer.equals(EVERYONE)) {
        known(written.get(), peer, "list it there, or remove it here; '*' allows every member");
      }
    }
  }

  /** Services have one number in the whole fabric, whether they are exposed here, forwarded here, or both. */
  private void serviceNumbers() {
    Map<Long, String> vips = new HashMap<>();
    Map<String, Long> numbers = new HashMap<>();
    for (String pid : List.of(ConfigSchema.EXPOSE_PID, ConfigSchema.FORWARD_PID)) {
      for (Instance instance : of(pid)) {
        ConfigValue vip = instance.value("vip").filter(ConfigValue::written).orElse(null);
        String service = instance.text("service").orElse(null);
        if (vip == null || service == null || !inRange(vip, instance.number("vip"))) {
          continue;
        }
        long number = instance.number("vip");
        String other = vips.putIfAbsent(number, service);
        Long before = numbers.putIfAbsent(service, number);
        if (other != null && !other.equals(service)) {
          problem(vip, "is " + number + ", which is that of service " + Text.shown(other)
              + " already; give each service its own");
        } else if (before != null && before != number) {
          problem(vip, "is " + number + ", but service " + Text.shown(service) + " has " + before
              + " elsewhere in this file; write the same");
        }
      }
    }
  }

  private void forwards() {
    for (Instance forward : of(ConfigSchema.FORWARD_PID)) {
      name(forward, "service", "a service name");
      oneKind(forward, "where to listen");
      forward.value("at").filter(ConfigValue::written).ifPresent(at -> {
        if (at.text().equals(self)) {
          problem(at, "is this node itself; name a peer, or write 'any'");
        } else if (!at.text().equals(ANY)) {
          known(at, at.text(), "list it there, or write 'any'");
        }
      });
    }
  }

  private void log() {
    for (Instance log : of(ConfigSchema.LOG_PID)) {
      log.value("levels").filter(ConfigValue::written).ifPresent(value -> {
        for (String entry : log.list("levels")) {
          if (!LOGGER_LEVEL.matcher(entry).matches()) {
            problem(value, "'" + Text.shown(entry) + "' is not the level of a logger; write {io.weft.mesh: debug}, the level one of "
                + "error, warn, info, debug, trace");
          }
        }
        if (log.list("levels").size() > LOGGERS_MAX) {
          problem(value, "has " + log.list("levels").size() + " levels; there are at most " + LOGGERS_MAX);
        }
      });
    }
  }

  private void known(ConfigValue value, String peer, String advice) {
    if (!Names.isValid(peer)) {
      problem(value, "'" + Text.shown(peer) + "' is no peer name; use 1 to 63 of a-z, 0-9 and '-'");
    } else if (seen.contains(peer)) {
      return;
    } else if (open) {
      warnings.add(new Problem(value.line(), value.path(), "'" + peer
          + "' is not in the section peers; it counts once it is discovered"));
    } else {
      String meant = Text.similar(peer, seen).map(name -> "did you mean '" + name + "'? otherwise ").orElse("");
      problem(value, "'" + peer + "' is not in the section peers; " + meant + advice);
    }
  }

  private Optional<ConfigValue> oneKind(Instance instance, String what) {
    List<ConfigValue> kinds =
        List.of("tcp", "udp", "http").stream()
            .filter(kind -> instance.text(kind).isPresent())
            .flatMap(kind -> instance.value(kind).stream())
            .filter(ConfigValue::written)
            .toList();
    if (kinds.size() == 1) {
      return Optional.of(kinds.get(0));
    }
    boolean complained = problems.stream().anyMatch(p -> p.key().startsWith(instance.path() + "."));
    if (kinds.size() > 1) {
      problem(kinds.get(1), "comes with '" + kinds.get(0).schema().id() + "' in one entry; write an entry for each");
    } else if (!complained) {
      problems.add(new Problem(instance.line(), instance.path(), "does not say " + what
          + "; add tcp, udp or http with host:port"));
    }
    return Optional.empty();
  }

  private void vip(Instance instance, String id, String owner, Map<Long, String> vips) {
    instance.value(id).filter(ConfigValue::written).ifPresent(vip -> {
      long number = instance.number(id);
      if (!inRange(vip, number)) {
        return;
      }
      String other = vips.putIfAbsent(number, owner);
      if (other != null) {
        problem(vip, "is " + number + ", which is that of " + other + " already; give each its own");
      }
    });
  }

  private boolean inRange(ConfigValue vip, long number) {
    if (number < 1 || number > VIP_MAX) {
      problem(vip, "must be 1 to " + VIP_MAX + ", but is '" + number
          + "'; choose a number in that range, or remove the key for none");
      return false;
    }
    return true;
  }

  private void name(Instance instance, String id, String what) {
    instance.value(id).filter(ConfigValue::written).ifPresent(value -> {
      if (!Names.isValid(value.text())) {
        problem(value, "'" + Text.shown(value.text()) + "' is not " + what
            + "; use 1 to 63 of a-z, 0-9 and '-', with no '-' at either end");
      }
    });
  }

  private void labels(Instance instance, String id) {
    instance.value(id).filter(ConfigValue::written).ifPresent(value -> {
      List<String> labels = instance.list(id);
      Set<String> keys = new HashSet<>();
      for (String label : labels) {
        String key = label.indexOf('=') < 0 ? label : label.substring(0, label.indexOf('='));
        if (!LABEL.matcher(label).matches()) {
          problem(value, "'" + Text.shown(label)
              + "' is not a label; write key: value, the key of letters, digits and ._/-, the value up to 128 characters");
        } else if (!keys.add(key)) {
          problem(value, "has the label '" + key + "' twice; keep one");
        }
      }
      if (labels.size() > LABELS_MAX) {
        problem(value, "has " + labels.size() + " labels; there are at most " + LABELS_MAX);
      }
    });
  }

  private Optional<HostPort> address(ConfigValue value, String text) {
    try {
      return Optional.of(HostPort.parse(text));
    } catch (IllegalArgumentException e) {
      problem(value, e.getMessage() + "; correct it");
      return Optional.empty();
    }
  }

  private void problem(ConfigValue value, String text) {
    problems.add(new Problem(value.line(), value.path(), text));
  }
}
