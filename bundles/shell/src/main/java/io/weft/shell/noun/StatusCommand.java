package io.weft.shell.noun;

import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
import io.weft.node.CommandFailure;
import io.weft.node.Health;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.node.Settings;
import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.PluginInstaller;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Command;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Output;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Spec;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Text;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.framework.Bundle;

/** {@code weft:status}: the whole node at a glance. */
public final class StatusCommand {

  /** What should run and does not. */
  private record Broken(String name, String state, String reason) {}

  private StatusCommand() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, StatusCommand::status, Spec.of("weft", "status", "Show this node at a glance")
            .describe("Links, services, listeners, bundles and health.",
                "Exit code 0 only if liveness and readiness are ok, else 1.")
            .example("weft status", "is everything all right?")
            .example("weft status --json", "the same for a script; members are added, never renamed")));
  }

  /**
   * {@code {"node": {...}, "links": [...], "services": [...], "listeners": [...],
   * "bundles": {"active", "failed": [{"name", "state", "reason"}]}, "health": [...], "problems": [...]}}.
   * Problems are parts that are not running and errors of weft.yaml.
   */
  private static void status(Invocation in) {
    Services services = in.services();
    Node node = services.need(Node.class);
    List<String> problems = new ArrayList<>();
    List<LinkInfo> links = services.find(Links.class).map(Links::links).orElse(List.of());
    if (services.find(Links.class).isEmpty()) {
      problems.add("mesh is not running (" + services.whyMissing(Links.class) + ")");
    }
    List<ServiceInfo> offered = services.find(Fabric.class).map(Fabric::services).orElse(List.of());
    services.find(Settings.class).ifPresent(s -> problems.addAll(s.problems()));
    List<Broken> failed = failed(services);
    List<HealthResult> health = health(services);
    if (in.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("node", Views.node(node, services.now()));
      json.put("links", links.stream().map(Views::link).toList());
      json.put("services", offered.stream().map(Views::service).toList());
      json.put("listeners", ListenerCommands.listeners(services).stream().map(Views::listener).toList());
      json.put("bundles", bundles(services, failed));
      json.put("health", health.stream().map(Views::health).toList());
      json.put("problems", problems);
      in.printJson(json);
    } else {
      print(in.out(), node, services, links, offered, failed, health, problems);
    }
    HealthCommands.fail(health.stream().filter(r -> r.kind() != HealthKind.posture).toList());
    if (!problems.isEmpty() && services.find(Links.class).isEmpty()) {
      throw new CommandFailure(CommandFailure.CHECK, problems.get(0));
    }
  }

  /** Unknown is not healthy: without the roll-up nothing is known. */
  private static List<HealthResult> health(Services services) {
    List<HealthResult> results = new ArrayList<>();
    Health health = services.find(Health.class).orElse(null);
    if (health == null) {
      String why = "health is not running (" + services.whyMissing(Health.class) + ")";
      results.add(new HealthResult("health", HealthKind.liveness, HealthStatus.unknown, why));
    } else {
      for (HealthKind kind : HealthKind.values()) {
        results.addAll(health.results(kind));
      }
    }
    return results;
  }

  /** Of plugins the installer knows more, also of those that brought no bundle. */
  private static List<Broken> failed(Services services) {
    List<InstalledPlugin> plugins = services.find(PluginInstaller.class).map(PluginInstaller::installed).orElse(List.of());
    List<Broken> failed = new ArrayList<>();
    for (Bundle bundle : services.bundles()) {
      if (BundleWords.isFailed(bundle) && plugins.stream().noneMatch(plugin -> plugin.bundleId() == bundle.getBundleId())) {
        failed.add(new Broken(BundleWords.name(bundle), BundleWords.state(bundle), BundleWords.reason(bundle, services.bundles())));
      }
    }
    plugins.stream().filter(PluginViews::isBroken)
        .forEach(plugin -> failed.add(new Broken(plugin.name(), plugin.state().name(), plugin.reason())));
    return failed;
  }

  private static Map<String, Object> bundles(Services services, List<Broken> failed) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("active", active(services));
    map.put("failed", failed.stream().map(b -> {
      Map<String, Object> bundle = new LinkedHashMap<>();
      bundle.put("name", b.name);
      bundle.put("state", b.state);
      bundle.put("reason", b.reason);
      return bundle;
    }).toList());
    return map;
  }

  private static long active(Services services) {
    return services.bundles().stream().filter(b -> b.getState() == Bundle.ACTIVE).count();
  }

  private static void print(Output out, Node node, Services services, List<LinkInfo> links, List<ServiceInfo> offered,
      List<Broken> failed,
      List<HealthResult> health, List<String> problems) {
    Instant now = services.now();
    out.line(Cell.bold(node.name()), "  ", Views.state(node.state()), "  fabric ", Cell.bold(node.fabric()), "  up ",
        Text.since(node.startedAt(), now), "  weft ", node.version(),
        Views.id(node) == null ? Cell.bad("  no identity yet") : Cell.dim("  id " + node.id()));
    problems.forEach(p -> out.line(Cell.bad("problem: "), p));
    out.section("LINKS", Tables.links(links, node.sharedDigest(), now), "no peer is known");
    out.section("SERVICES", Tables.services(offered), "none");
    out.section("LISTENERS", Tables.listeners(ListenerCommands.listeners(services)), "none");
    Table broken = new Table().left("BUNDLE").left("STATE").left("REASON");
    failed.forEach(b -> broken.row(Cell.bold(b.name), Cell.bad(b.state), b.reason));
    out.section("BUNDLES (" + active(services) + " active, " + failed.size() + " failed)", broken, "all that should run do");
    out.section("HEALTH", Tables.health(health), "no check has anything to say");
  }
}
