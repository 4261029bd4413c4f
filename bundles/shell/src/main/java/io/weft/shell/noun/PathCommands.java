package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.path.Candidate;
import io.weft.path.NatReport;
import io.weft.path.PairReport;
import io.weft.path.PathInfo;
import io.weft.path.PathReport;
import io.weft.path.PathReports;
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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code path:*}: how peers are reached, and why. */
public final class PathCommands {

  private PathCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, PathCommands::explain, Spec.of("path", "explain", "Say why a peer is reached as it is, or is not")
            .describe("Shows the addresses of both sides, each pair that was tried and what came of it, the cause why there is no",
                "direct path, and what can be done about it. Of the latest attempt.")
            .argument("PEER", "name of the peer", Values.PEERS)
            .example("weft path explain b", "why is b relayed?")
            .example("weft path explain b --json", "the same, for a script")),
        new Command(services, PathCommands::nat, Spec.of("path", "nat", "Show how this node is seen from outside")
            .describe("Asks the STUN servers and relays of weft.yaml; takes up to ten seconds. Two servers of different addresses are",
                "needed to tell what kind of NAT it is.")
            .example("weft path nat", "is a direct path possible at all?")));
  }

  /**
   * {@code {"peer", "state", "attempt", "since", "path", "policy", "local": [...], "remote": [...], "pairs": [{"local", "remote", "state",
   * "cause"}], "cause", "advice"}}.
   */
  private static void explain(Invocation in) {
    String peer = in.argument(0);
    PathReport report = in.services().need(PathReports.class).report(peer)
        .orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
            "no path to '" + Text.clean(peer) + "' was looked for by ICE; it may be reached by its address alone, see 'weft link show'"));
    if (in.json()) {
      in.printJson(view(report));
      return;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("peer", Cell.bold(report.peer()));
    facts.put("state", report.state());
    facts.put("since", Text.time(report.since()) + " (" + Text.since(report.since(), in.services().now()) + ")");
    PathInfo path = report.path();
    facts.put("path", path == null ? "-" : path.type() + ", " + path.local() + " to " + path.remote() + ", " + path.remoteAddress());
    facts.put("policy", report.policy());
    facts.put("cause", report.cause().isEmpty() ? Cell.dim("-") : Cell.warn(report.cause()));
    facts.put("advice", report.advice().isEmpty() ? Cell.dim("-") : report.advice());
    in.out().pairs(facts);
    in.out().section("ADDRESSES OF THIS NODE", candidates(report.local()), "none were found");
    in.out().section("ADDRESSES OF THE PEER", candidates(report.remote()), "none came");
    in.out().section("PAIRS", pairs(report.pairs()), "none were tried");
  }

  private static Table candidates(List<Candidate> candidates) {
    Table table = new Table().left("KIND").left("ADDRESS").right("PRIORITY");
    candidates.forEach(c -> table.row(c.kind().name(), address(c), c.priority()));
    return table;
  }

  private static Table pairs(List<PairReport> pairs) {
    Table table = new Table().left("FROM").left("TO").left("KIND").left("STATE").left("CAUSE");
    pairs.forEach(p -> table.row(address(p.local()), address(p.remote()), p.remote().kind().name(), p.state(), p.cause()));
    return table;
  }

  private static String address(Candidate candidate) {
    String host = candidate.host().indexOf(':') < 0 || candidate.port() == 0 ? candidate.host() : "[" + candidate.host() + "]";
    return candidate.port() == 0 ? host : host + ":" + candidate.port();
  }

  private static Map<String, @Nullable Object> view(PathReport report) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("peer", report.peer());
    map.put("state", report.state());
    map.put("attempt", report.attempt());
    map.put("since", report.since().toString());
    map.put("path", report.path() == null ? null : path(report.path()));
    map.put("policy", report.policy());
    map.put("local", report.local().stream().map(PathCommands::view).toList());
    map.put("remote", report.remote().stream().map(PathCommands::view).toList());
    map.put("pairs", report.pairs().stream().map(PathCommands::view).toList());
    map.put("cause", report.cause());
    map.put("advice", report.advice());
    return map;
  }

  private static Map<String, Object> path(PathInfo path) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("type", path.type().name());
    map.put("local", path.local().name());
    map.put("remote", path.remote().name());
    map.put("address", path.remoteAddress());
    return map;
  }

  private static Map<String, Object> view(Candidate candidate) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("kind", candidate.kind().name());
    map.put("address", address(candidate));
    map.put("priority", candidate.priority());
    return map;
  }

  private static Map<String, Object> view(PairReport pair) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("local", address(pair.local()));
    map.put("remote", address(pair.remote()));
    map.put("kind", pair.remote().kind().name());
    map.put("state", pair.state());
    map.put("cause", pair.cause());
    return map;
  }

  /** {@code {"kind", "mapped": [...], "servers": [...], "counters": {...}}}; the counters are those of all paths. */
  private static void nat(Invocation in) {
    NatReport nat = in.services().need(PathReports.class).nat().join();
    if (in.json()) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("kind", nat.kind().name());
      map.put("mapped", nat.mapped());
      map.put("servers", nat.servers());
      map.put("counters", new TreeMap<>(in.services().need(PathReports.class).counters()));
      in.printJson(map);
      return;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("NAT", Cell.bold(nat.kind().name()));
    facts.put("seen as", nat.mapped().isEmpty() ? "-" : String.join(", ", nat.mapped()));
    in.out().pairs(facts);
    Table servers = new Table().left("SERVER");
    nat.servers().forEach(servers::row);
    in.out().section("SERVERS", servers, "none is known; add one to relays in weft.yaml");
  }
}
