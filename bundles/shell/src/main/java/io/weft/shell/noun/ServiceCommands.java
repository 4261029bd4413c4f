package io.weft.shell.noun;

import io.weft.channel.Fabric;
import io.weft.channel.ForwardInfo;
import io.weft.channel.Forwards;
import io.weft.channel.ServiceInfo;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
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
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** {@code service:*}: names that channels lead to. OSGi services are {@code bundle:services}. */
public final class ServiceCommands {

  private ServiceCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, ServiceCommands::list, Spec.of("service", "list", "List services of this node and of linked peers")
            .example("weft service list", "who offers what")),
        new Command(services, ServiceCommands::resolve, Spec.of("service", "resolve", "Show how this node reaches a service")
            .describe("Which peers offer it and how good the links to them are, where it is exposed here, and which local",
                "addresses lead to it. Exit code 1 if nobody offers it.")
            .argument("SERVICE", "name of the service", Values.SERVICES)
            .example("weft service resolve pg", "where would a connection to pg go?")));
  }

  /** {@code {"services": [{"name", "kind", "exposed", "peers", "target"}]}}. */
  private static void list(Invocation in) {
    List<ServiceInfo> services = in.services().need(Fabric.class).services();
    if (in.json()) {
      in.printJson(Map.of("services", services.stream().map(Views::service).toList()));
    } else {
      in.out().table(Tables.services(services), "no service is known: nothing is exposed here, and no linked peer offers any");
    }
  }

  /** {@code {"service", "kinds", "target", "peers": [{"name", "state", "rtt_ms"}], "forwards": [...]}}. */
  private static void resolve(Invocation in) {
    String name = in.argument(0);
    List<ServiceInfo> infos = in.services().need(Fabric.class).services().stream().filter(s -> s.name().equals(name)).toList();
    TreeSet<String> peers = new TreeSet<>();
    infos.forEach(s -> peers.addAll(s.peers()));
    List<ForwardInfo> forwards = in.services().find(Forwards.class)
        .map(f -> f.forwards().stream().filter(i -> i.service().equals(name)).toList()).orElse(List.of());
    Optional<String> target = infos.stream().map(ServiceInfo::target).filter(t -> t != null).map(String::valueOf).findFirst();
    Optional<Links> links = in.services().find(Links.class);
    if (in.json()) {
      Map<String, @Nullable Object> json = new LinkedHashMap<>();
      json.put("service", name);
      json.put("kinds", infos.stream().map(s -> Views.kind(s.kind())).toList());
      json.put("target", target.orElse(null));
      json.put("peers", peers.stream().map(p -> peer(p, links.flatMap(l -> l.link(p)))).toList());
      json.put("forwards", forwards.stream().map(Views::forward).toList());
      in.printJson(json);
    } else {
      print(in, target, peers, links, forwards);
    }
    if (infos.isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, "nobody offers '" + Text.clean(name)
          + "': it is not exposed here, and no linked peer has it");
    }
  }

  private static Map<String, @Nullable Object> peer(String name, Optional<LinkInfo> link) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("state", link.map(l -> l.state().toString()).orElse(null));
    map.put("rtt_ms", link.map(LinkInfo::rttMillis).filter(r -> r >= 0).orElse(null));
    return map;
  }

  private static void print(Invocation in, Optional<String> target, TreeSet<String> peers, Optional<Links> links,
      List<ForwardInfo> forwards) {
    in.out().line("exposed here: ", target.map(Cell::bold).orElse(Cell.dim("no")));
    Table table = new Table().left("PEER").left("LINK").right("RTT");
    for (String peer : peers) {
      Optional<LinkInfo> link = links.flatMap(l -> l.link(peer));
      table.row(Cell.bold(peer), link.map(l -> Views.state(l.state())).orElse(Cell.dim("-")),
          Text.millis(link.map(LinkInfo::rttMillis).orElse(-1.0)));
    }
    in.out().section("OFFERED BY", table, "no linked peer");
    in.out().section("FORWARDS", Tables.forwards(forwards), "no local address leads to it");
  }
}
