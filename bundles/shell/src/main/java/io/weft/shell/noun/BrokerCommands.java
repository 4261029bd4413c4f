package io.weft.shell.noun;

import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import io.weft.signaling.Broker;
import io.weft.signaling.BrokerStatus;
import io.weft.signaling.SignalBroker;
import io.weft.signaling.Signaling;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code broker:*}: the brokers that this node uses, and the one that it is. */
public final class BrokerCommands {

  private BrokerCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, BrokerCommands::list, Spec.of("broker", "list", "List the brokers through which this node meets its peers")
            .describe("They are those of the section signaling. CLOCK is how far the clock of the broker is ahead of ours. The counters in",
                "the JSON say how many signals were sent, received and dropped, and why.")
            .example("weft broker list", "can new links be made?")),
        new Command(services, BrokerCommands::status, Spec.of("broker", "status", "Show what this node keeps for others as a broker")
            .describe("It is a broker if weft.yaml has signaling.server.listen. The counters in the JSON say what was refused, and why.")
            .example("weft broker status", "who floods us?")));
  }

  /** {@code {"brokers": [{"url", "up", "clock_skew_seconds", "problem"}], "counters"}}. */
  private static void list(Invocation in) {
    Signaling signaling = in.services().need(Signaling.class);
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("brokers", signaling.brokers().stream().map(BrokerCommands::view).toList());
      json.put("counters", new TreeMap<>(signaling.counters()));
      in.printJson(json);
      return;
    }
    Table table = new Table().left("BROKER").left("STATE").right("CLOCK").left("PROBLEM");
    for (Broker broker : signaling.brokers()) {
      Cell state = broker.up() ? Cell.good("up") : broker.problem() == null ? Cell.dim("not needed so far") : Cell.bad("down");
      table.row(Cell.bold(broker.url()), state, clock(broker.clockSkew()), broker.problem() == null ? "" : broker.problem().toString());
    }
    in.out().table(table, "no broker is known; add one to signaling in weft.yaml");
  }

  private static String clock(@Nullable Duration skew) {
    return skew == null ? "-" : (skew.isNegative() ? "" : "+") + Math.round(skew.toMillis() / 1000.0) + " s";
  }

  private static Map<String, @Nullable Object> view(Broker broker) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("url", broker.url());
    map.put("up", broker.up());
    map.put("clock_skew_seconds", broker.clockSkew() == null ? null : broker.clockSkew().toMillis() / 1000.0);
    map.put("problem", broker.problem() == null ? null : Views.pair("code", broker.problem().code(), "detail", broker.problem().detail()));
    return map;
  }

  /** {@code {"serving", "address", "tls", "mailboxes", "messages", "bytes", "connections", "problem", "counters"}}. */
  private static void status(Invocation in) {
    Optional<BrokerStatus> found = in.services().find(SignalBroker.class).map(SignalBroker::status);
    if (in.json()) {
      in.printJson(found.map(BrokerCommands::view).orElse(Map.of("serving", false)));
    } else if (found.isEmpty()) {
      in.out().line(Cell.dim("this node is no broker; weft.yaml has no signaling.server.listen"));
    } else if (found.get().address().isEmpty()) {
      in.out().line(Cell.bad("not serving: " + found.get().problem()));
    } else {
      BrokerStatus status = found.get();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("listens on", status.address() + (status.tls() ? ", HTTPS" : ", HTTP"));
      facts.put("mailboxes", status.mailboxes());
      facts.put("messages", status.messages() + " wait, " + Text.bytes(status.bytes()));
      facts.put("connections", status.connections());
      in.out().pairs(facts);
      Table table = new Table().left("SINCE START").right("COUNT");
      new TreeMap<>(status.counters()).forEach((name, count) -> table.row(name, count));
      in.out().section("counters", table, "nothing happened yet");
    }
  }

  private static Map<String, Object> view(BrokerStatus status) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("serving", !status.address().isEmpty());
    map.put("address", status.address());
    map.put("tls", status.tls());
    map.put("mailboxes", status.mailboxes());
    map.put("messages", status.messages());
    map.put("bytes", status.bytes());
    map.put("connections", status.connections());
    map.put("problem", status.problem());
    map.put("counters", new TreeMap<>(status.counters()));
    return map;
  }
}
