package io.weft.shell.noun;

import io.weft.path.PathReports;
import io.weft.path.RelayUse;
import io.weft.relay.RelayAllocation;
import io.weft.relay.RelayServer;
import io.weft.relay.RelayStatus;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code relay:*}: the relays that this node uses, and the one that it is. */
public final class RelayCommands {

  private RelayCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, RelayCommands::list, Spec.of("relay", "list", "List the relays that this node may use")
            .describe("A relay carries packets to peers that have no direct path. PROBLEM says why the last attempt to use it failed.")
            .example("weft relay list", "is there a way if nothing direct works?")),
        new Command(services, RelayCommands::status, Spec.of("relay", "status", "Show what this node carries for others as a relay")
            .describe("It is a relay if weft.yaml has relay.listen.",
                "An allocation is a port that is lent to a client; SENT and RECEIVED are bytes of data as the client sees them.")
            .example("weft relay status", "who uses this relay, and how much?")));
  }

  /** {@code {"relays": [{"url", "source", "relayed", "paths", "bytes_sent", "bytes_received", "expires", "problem"}]}}. */
  private static void list(Invocation in) {
    List<RelayUse> relays = in.services().need(PathReports.class).relays();
    if (in.json()) {
      in.printJson(Map.of("relays", relays.stream().map(RelayCommands::view).toList()));
      return;
    }
    Table table = new Table().left("RELAY").left("FROM").left("LENDS").right("PATHS").right("SENT").right("RECEIVED").left("PROBLEM");
    for (RelayUse relay : relays) {
      table.row(Cell.bold(relay.url()), relay.source(), relay.relayed(), relay.paths(), Text.bytes(relay.bytesSent()),
          Text.bytes(relay.bytesReceived()), relay.problem() == null ? Cell.dim("") : Cell.bad(relay.problem().toString()));
    }
    in.out().table(table, "no relay is known; add one to relays in weft.yaml");
  }

  private static Map<String, @Nullable Object> view(RelayUse relay) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("url", relay.url());
    map.put("source", relay.source());
    map.put("relayed", relay.relayed());
    map.put("paths", relay.paths());
    map.put("bytes_sent", relay.bytesSent());
    map.put("bytes_received", relay.bytesReceived());
    map.put("expires", relay.expires() == null ? null : relay.expires().toString());
    map.put("problem", relay.problem() == null ? null : Views.pair("code", relay.problem().code(), "detail", relay.problem().detail()));
    return map;
  }

  /** {@code {"serving", "listeners", "address", "realm", "allocations_max", "bytes_per_second", "problem", "allocations", "counters"}}. */
  private static void status(Invocation in) {
    RelayStatus status = in.services().need(RelayServer.class).status();
    if (in.json()) {
      in.printJson(view(status));
      return;
    }
    if (status.listeners().isEmpty()) {
      in.out().line(status.problem().isEmpty()
          ? Cell.dim("this node is no relay; weft.yaml has no relay.listen")
          : Cell.bad("not serving: " + status.problem()));
      return;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("listens on", String.join(", ", status.listeners()));
    facts.put("lends ports of", status.address());
    facts.put("realm", status.realm());
    facts.put("allocations", status.allocations().size() + " of " + status.allocationsMax());
    facts.put("load", Text.bytes(status.bytesPerSecond()) + "/s");
    in.out().pairs(facts);
    Table table = new Table().left("USER").left("CLIENT").left("OVER").left("LENT").right("PEERS").right("CHANNELS").right("SENT").right("RECEIVED")
        .right("AGE");
    for (RelayAllocation a : status.allocations()) {
      table.row(Cell.bold(a.user()), a.client(), a.protocol(), a.relayed(), a.permissions(), a.channels(), Text.bytes(a.bytesSent()),
          Text.bytes(a.bytesReceived()), Text.since(a.since(), in.services().now()));
    }
    in.out().section("allocations", table, "nobody uses it now");
  }

  private static Map<String, Object> view(RelayStatus status) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("serving", !status.listeners().isEmpty());
    map.put("listeners", status.listeners());
    map.put("address", status.address());
    map.put("realm", status.realm());
    map.put("allocations_max", status.allocationsMax());
    map.put("bytes_per_second", status.bytesPerSecond());
    map.put("problem", status.problem());
    map.put("allocations", status.allocations().stream().map(RelayCommands::view).toList());
    map.put("counters", new TreeMap<>(status.counters()));
    return map;
  }

  private static Map<String, Object> view(RelayAllocation allocation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("user", allocation.user());
    map.put("client", allocation.client());
    map.put("protocol", allocation.protocol());
    map.put("relayed", allocation.relayed());
    map.put("permissions", allocation.permissions());
    map.put("channels", allocation.channels());
    map.put("bytes_sent", allocation.bytesSent());
    map.put("bytes_received", allocation.bytesReceived());
    map.put("since", allocation.since().toString());
    map.put("expires", allocation.expires().toString());
    return map;
  }
}
