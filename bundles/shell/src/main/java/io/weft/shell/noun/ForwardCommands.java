package io.weft.shell.noun;

import io.weft.channel.ChannelKind;
import io.weft.channel.ForwardInfo;
import io.weft.channel.Forwards;
import io.weft.node.CommandFailure;
import io.weft.node.Names;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Text;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code forward:*}: local addresses that lead to services. */
public final class ForwardCommands {

  private static final long ADD_TIMEOUT_S = 10;

  private ForwardCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ForwardCommands::list, Spec.of("forward", "list", "List local addresses that lead to services")
            .example("weft forward list", "where do applications connect?")),
        new Command(services, ForwardCommands::add, Spec.of("forward", "add", "Open a local address that leads to a service")
            .describe("It is gone after a restart. To keep it, put it under 'forward' in weft.yaml.")
            .argument("SERVICE", "name of the service", Values.SERVICES)
            .option("--tcp", "ADDRESS",
                "Listen on this TCP address: 127.0.0.1:15432, or peer:5432 or service:5432 for a virtual address.", Values.NONE)
            .option("--udp", "ADDRESS", "Listen on this UDP address.", Values.NONE)
            .option("--at", "PEER", "The peer that offers it; 'any' (the default) takes whoever does.", Values.PEERS)
            .example("weft forward add pg --at b --tcp 127.0.0.1:15432", "then: psql -h 127.0.0.1 -p 15432")),
        new Command(services, ForwardCommands::remove, Spec.of("forward", "remove",
                "Close a local address that was added with 'forward add'")
            .describe("Connections through it are cut; if there are any, it is done only with --yes.")
            .argument("ADDRESS", "as it was added", Values.FORWARDS)
            .flag("--udp", "It is a UDP address, not TCP.")
            .flag(Spec.YES, "Cut the connections through it, too.")
            .example("weft forward remove 127.0.0.1:15432", "close it")));
  }

  /**
   * {@code {"forwards": [{"service", "at", "kind", "address", "bound", "problem", "configured", "active", "total"}],
   * "counters": {...}}}.
   */
  private static void list(Invocation in) {
    Forwards service = in.services().need(Forwards.class);
    List<ForwardInfo> forwards = service.forwards();
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("forwards", forwards.stream().map(Views::forward).toList());
      json.put("counters", new TreeMap<>(service.counters()));
      in.printJson(json);
    } else {
      in.out().table(Tables.forwards(forwards), "no forwards; add one with 'weft forward add', or under 'forward' in weft.yaml");
    }
  }

  /** {@code {"forward": {...}}}. */
  private static void add(Invocation in) throws InterruptedException {
    Forwards forwards = in.services().need(Forwards.class);
    String service = name(in, "service name", in.argument(0));
    String at = name(in, "peer name", in.option("--at").orElse("any"));
    Optional<String> tcp = in.option("--tcp");
    Optional<String> udp = in.option("--udp");
    if (tcp.isPresent() == udp.isPresent()) {
      throw in.usage("needs one of --tcp ADDRESS and --udp ADDRESS");
    }
    ChannelKind kind = tcp.isPresent() ? ChannelKind.stream : ChannelKind.datagram;
    ForwardInfo added = wait(forwards, service, at, kind, tcp.or(() -> udp).orElseThrow());
    if (in.json()) {
      in.printJson(Map.of("forward", Views.forward(added)));
    } else {
      in.out().line(Cell.bold(added.bound()), " (", Views.kind(kind), ") leads to ", Cell.bold(service), " at ", at,
          " until this node restarts");
    }
  }

  private static String name(Invocation in, String what, String name) {
    try {
      return Names.check(what, name);
    } catch (IllegalArgumentException e) {
      throw in.usage("refused: " + e.getMessage());
    }
  }

  private static ForwardInfo wait(Forwards forwards, String service, String at, ChannelKind kind, String address)
      throws InterruptedException {
    try {
      return forwards.add(service, at, kind, address).toCompletableFuture().get(ADD_TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalStateException || e.getCause() instanceof IllegalArgumentException) {
        throw new CommandFailure(CommandFailure.PRECONDITION, String.valueOf(e.getCause().getMessage()));
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new CommandFailure(CommandFailure.CHECK,
          "it is not known whether it listens: no answer within " + ADD_TIMEOUT_S + " s; see 'weft forward list'");
    }
  }

  /** {@code {"address", "removed", "dry_run", "active"}}. */
  private static void remove(Invocation in) {
    Forwards forwards = in.services().need(Forwards.class);
    String address = in.argument(0);
    ChannelKind kind = in.flag("--udp") ? ChannelKind.datagram : ChannelKind.stream;
    ForwardInfo forward = forwards.forwards().stream().filter(f -> f.address().equals(address) && f.kind() == kind).findFirst()
        .orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
            "no " + Views.kind(kind) + " forward on '" + Text.clean(address) + "'; see 'weft forward list'"));
    boolean dryRun = forward.active() > 0 && !in.yes();
    boolean removed = false;
    if (!dryRun) {
      try {
        removed = forwards.remove(address, kind);
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(CommandFailure.PRECONDITION, String.valueOf(e.getMessage()));
      }
    }
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("address", address);
      json.put("removed", removed);
      json.put("dry_run", dryRun);
      json.put("active", forward.active());
      in.printJson(json);
    } else if (dryRun) {
      in.out().line("would close ", Cell.bold(address), " and cut ", Text.count(forward.active(), "connection"));
      in.out().line(Cell.dim("nothing was done; add --yes to do it"));
    } else {
      in.out().line(Cell.bold(address), removed ? " closed" : " was gone already");
    }
  }
}
