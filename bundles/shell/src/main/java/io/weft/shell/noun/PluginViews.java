package io.weft.shell.noun;

import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginChange;
import io.weft.plugin.PluginInstaller;
import io.weft.plugin.PluginPlan;
import io.weft.shell.frame.Cell;
import io.weft.shell.frame.Invocation;
import io.weft.shell.frame.Services;
import io.weft.shell.frame.Table;
import io.weft.shell.frame.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Plugins and plans of theirs, for people and as JSON. */
final class PluginViews {

  /** Names of what operators added. */
  static final Values NAMES = services -> services.find(PluginInstaller.class)
      .map(installer -> installer.installed().stream().map(InstalledPlugin::name).toList()).orElse(List.of());

  /** These, and the names of all other bundles. */
  static final Values ALL = services -> {
    TreeSet<String> names = new TreeSet<>(NAMES.of(services));
    names.addAll(Values.BUNDLES.of(services));
    return names;
  };

  private PluginViews() {}

  /** One of that name that brought no bundle. */
  static Optional<InstalledPlugin> withoutBundle(Services services, String name) {
    return services.find(PluginInstaller.class).flatMap(installer -> installer.installed().stream()
        .filter(p -> p.bundleId() == InstalledPlugin.NO_BUNDLE && p.name().equals(name)).findFirst());
  }

  static boolean isBroken(InstalledPlugin plugin) {
    return plugin.state() == State.failed || plugin.state() == State.quarantined;
  }

  static Cell state(State state) {
    return switch (state) {
      case active -> Cell.good(state.name());
      case starting -> Cell.warn(state.name());
      case stopped -> Cell.dim(state.name());
      case failed, quarantined -> Cell.bad(state.name());
    };
  }

  static Map<String, @Nullable Object> json(InstalledPlugin plugin) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", plugin.name());
    map.put("version", plugin.version());
    map.put("bundle", plugin.bundleId() == InstalledPlugin.NO_BUNDLE ? null : plugin.bundleId());
    map.put("origin", plugin.origin());
    map.put("state", plugin.state());
    map.put("reason", plugin.reason());
    map.put("failures", plugin.failures());
    return map;
  }

  static Map<String, @Nullable Object> json(PluginChange change) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("id", change.id());
    map.put("at", change.at());
    map.put("summary", change.summary());
    map.put("outcome", change.outcome());
    return map;
  }

  static Map<String, @Nullable Object> json(PluginPlan plan) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("summary", plan.summary());
    map.put("bundles", plan.moves().stream().map(PluginViews::move).toList());
    map.put("wires", plan.wires().stream().map(w -> wire(w)).toList());
    map.put("restarts", plan.restarts().stream().map(r -> Views.pair("bundle", r.bundle(), "because", r.because())).toList());
    map.put("core", plan.core());
    map.put("services", plan.handovers().stream().map(PluginViews::handover).toList());
    map.put("settings", plan.settings().stream().map(PluginViews::setting).toList());
    map.put("problems", plan.problems());
    return map;
  }

  private static Map<String, @Nullable Object> move(PluginPlan.Move move) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("action", move.kind());
    map.put("name", move.name());
    map.put("from", move.from());
    map.put("to", move.to());
    map.put("sha256", move.sha256());
    map.put("trust", move.trust());
    map.put("source", move.source());
    return map;
  }

  private static Map<String, @Nullable Object> wire(PluginPlan.Wire wire) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("bundle", wire.bundle());
    map.put("needs", wire.needs());
    map.put("from", wire.from());
    return map;
  }

  private static Map<String, @Nullable Object> handover(PluginPlan.Handover handover) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("service", handover.service());
    map.put("from", handover.from());
    map.put("to", handover.to());
    map.put("users", handover.users());
    return map;
  }

  private static Map<String, @Nullable Object> setting(PluginPlan.SettingChange setting) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("key", setting.key());
    map.put("lost", setting.lost());
    map.put("note", setting.note());
    return map;
  }

  /** For people: only what there is, the most important first. */
  static void print(Invocation in, PluginPlan plan) {
    in.out().line(Cell.bold(plan.summary()));
    Table moves = new Table().left("BUNDLE").left("ACTION").left("FROM").left("TO").left("SIGNED").left("SOURCE");
    plan.moves().forEach(m -> moves.row(Cell.bold(m.name()), m.kind(), dash(m.from()), dash(m.to()), dash(m.trust()),
        dash(m.source())));
    in.out().section("BUNDLES", moves, "none");
    Table restarts = new Table().left("BUNDLE").left("BECAUSE");
    plan.restarts().forEach(r -> restarts.row(plan.core().contains(r.bundle()) ? Cell.bad(r.bundle()) : Cell.bold(r.bundle()), r.because()));
    in.out().section("RESTARTS", restarts, "nothing else restarts");
    if (!plan.handovers().isEmpty()) {
      Table services = new Table().left("SERVICE").left("FROM").left("TO").left("USED BY");
      plan.handovers().forEach(h -> services.row(Cell.bold(h.service()), dash(h.from()), dash(h.to()), dash(String.join(", ", h.users()))));
      in.out().section("SERVICES", services, "none");
    }
    if (!plan.settings().isEmpty()) {
      Table settings = new Table().left("KEY").left("CHANGE").left("NOTE");
      plan.settings().forEach(s -> settings.row(Cell.bold(s.key()), s.lost() ? "lost" : "new", s.note()));
      in.out().section("CONFIGURATION", settings, "none");
    }
    Table wires = new Table().left("BUNDLE").left("NEEDS").left("FROM");
    plan.wires().forEach(w -> wires.row(w.bundle(), w.needs(), w.from().isEmpty() ? Cell.bad("nothing") : w.from()));
    if (!plan.wires().isEmpty()) {
      in.out().section("WIRED TO", wires, "nothing");
    }
    in.out().line();
    plan.problems().forEach(problem -> in.out().line(Cell.bad(problem)));
    if (!plan.core().isEmpty()) {
      in.out().line(Cell.bad("it would restart what came with the node: " + String.join(", ", plan.core())));
    }
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
