package io.weft.shell.noun;

import io.weft.channel.AccessDecision;
import io.weft.channel.AccessRules;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.node.CommandFailure;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** {@code access:*}: who may open a channel to what. */
public final class AccessCommands {

  private AccessCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, AccessCommands::list, Spec.of("access", "list", "List who may use the services of this node")
            .describe("What is not listed is refused.")
            .example("weft access list", "every exposed service and its allow list")),
        new Command(services, AccessCommands::test, Spec.of("access", "test",
                "Tell whether a peer may use a service here, and which rule says so")
            .describe("Opens nothing. The peer need not exist. Exit code 0 if allowed, 1 if not.")
            .argument("PEER", "name of the peer", Values.PEERS)
            .argument("SERVICE", "name of the service", Values.SERVICES)
            .flag("--udp", "Ask for datagrams, not for a byte stream.")
            .example("weft access test b pg", "may b open pg here?")));
  }

  /** {@code {"rules": [{"service", "kind", "target", "allow"}]}}. */
  private static void list(Invocation in) {
    List<ExposedService> rules = in.services().need(AccessRules.class).rules();
    if (in.json()) {
      in.printJson(Map.of("rules", rules.stream().map(AccessCommands::rule).toList()));
      return;
    }
    Table table = new Table().left("SERVICE").left("KIND").left("TARGET").left("ALLOW");
    for (ExposedService rule : rules) {
      Cell allow = rule.allow().isEmpty() ? Cell.warn("nobody")
          : rule.allow().contains("*") ? Cell.warn("every member of the fabric")
          : Cell.of(String.join(", ", new TreeSet<>(rule.allow())));
      table.row(Cell.bold(rule.name()), Views.kind(rule.kind()), rule.target(), allow);
    }
    in.out().table(table, "nothing is exposed here, so everything is refused");
  }

  private static Map<String, Object> rule(ExposedService rule) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("service", rule.name());
    map.put("kind", Views.kind(rule.kind()));
    map.put("target", rule.target());
    map.put("allow", List.copyOf(new TreeSet<>(rule.allow())));
    return map;
  }

  /** {@code {"peer", "service", "kind", "allowed", "rule"}}. */
  private static void test(Invocation in) {
    ChannelKind kind = in.flag("--udp") ? ChannelKind.datagram : ChannelKind.stream;
    AccessDecision decision = in.services().need(AccessRules.class).test(in.argument(0), in.argument(1), kind);
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("peer", decision.peer());
      map.put("service", decision.service());
      map.put("kind", Views.kind(decision.kind()));
      map.put("allowed", decision.allowed());
      map.put("rule", decision.rule());
      in.printJson(map);
    } else if (decision.allowed()) {
      in.out().line(Cell.good("allowed"), ": ", decision.rule());
    }
    if (!decision.allowed()) {
      throw new CommandFailure(CommandFailure.CHECK,
          Text.clean(decision.peer() + " may not use " + decision.service() + " (" + Views.kind(kind) + ") here: ")
              + Text.clean(decision.rule()));
    }
  }
}
