package io.weft.shell.noun;

import io.weft.node.CommandFailure;
import io.weft.plugin.FeatureInfo;
import io.weft.plugin.NodeFeatures;
import io.weft.plugin.PluginRefused;
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
import org.jspecify.annotations.Nullable;

/** {@code feature:*}: which parts of the distribution are in this node. */
public final class FeatureCommands {

  private static final Values NAMES = services -> services.find(NodeFeatures.class)
      .map(f -> f.features().stream().map(FeatureInfo::name).toList()).orElse(List.of());

  private interface Change {
    FeatureInfo make(String name) throws PluginRefused;
  }

  private FeatureCommands() {}

  public static List<Command> all(Services services) {
    return List.of(
        new Command(services, FeatureCommands::list, Spec.of("feature", "list", "List the features of the distribution")
            .example("weft feature list", "which are in this node, and which could be?")),
        new Command(services, FeatureCommands::info, Spec.of("feature", "info", "Show one feature and its bundles")
            .argument("FEATURE", "name of the feature", NAMES)
            .example("weft feature info dcs-etcd", "what would it bring?")),
        new Command(services, in -> change(in, "install", FeatureInfo.State.available, in.services().need(NodeFeatures.class)::install),
            Spec.of("feature", "install", "Add a feature of the distribution to this node")
                .describe("It stays over restarts. What needs a section of weft.yaml does nothing before it has one.")
                .argument("FEATURE", "name of the feature", names(FeatureInfo.State.available)).dryRunUnlessYes()
                .example("weft feature install dcs-etcd --yes", "coordination on etcd, without a restart")),
        new Command(services, in -> change(in, "remove", FeatureInfo.State.added, in.services().need(NodeFeatures.class)::remove),
            Spec.of("feature", "remove", "Take a feature that was added out of this node again")
                .describe("Only bundles that no other feature needs go.")
                .argument("FEATURE", "name of the feature", names(FeatureInfo.State.added)).dryRunUnlessYes()
                .example("weft feature remove dcs-etcd --yes", "its bundles go; other features keep theirs")));
  }

  private static Values names(FeatureInfo.State state) {
    return services -> services.find(NodeFeatures.class).map(features -> features.features().stream()
        .filter(feature -> feature.state() == state).map(FeatureInfo::name).toList()).orElse(List.of());
  }

  /** {@code {"features": [{"name", "title", "description", "state", "bundles", "own"}]}}. */
  private static void list(Invocation in) {
    List<FeatureInfo> features = in.services().need(NodeFeatures.class).features();
    if (in.json()) {
      in.printJson(Map.of("features", features.stream().map(FeatureCommands::json).toList()));
      return;
    }
    Table table = new Table().left("FEATURE").left("STATE").right("BUNDLES").left("DESCRIPTION");
    features.forEach(f -> table.row(Cell.bold(f.name()), state(f), f.bundles().size(), f.description()));
    in.out().table(table, "this distribution has no features");
  }

  private static Cell state(FeatureInfo feature) {
    return feature.state() == FeatureInfo.State.available ? Cell.dim(feature.state().name()) : Cell.good(feature.state().name());
  }

  private static Map<String, @Nullable Object> json(FeatureInfo feature) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("name", feature.name());
    map.put("title", feature.title());
    map.put("description", feature.description());
    map.put("state", feature.state());
    map.put("bundles", feature.bundles());
    map.put("own", feature.own());
    return map;
  }

  private static FeatureInfo find(Invocation in) {
    String name = in.argument(0);
    return in.services().need(NodeFeatures.class).features().stream().filter(f -> f.name().equals(name)).findFirst()
        .orElseThrow(() -> new CommandFailure(CommandFailure.PRECONDITION,
            "the distribution has no feature '" + Text.clean(name) + "'; 'weft feature list' lists all"));
  }

  /** {@code {"feature": {...}}}. */
  private static void info(Invocation in) {
    FeatureInfo feature = find(in);
    if (in.json()) {
      in.printJson(Map.of("feature", json(feature)));
      return;
    }
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("feature", Cell.bold(feature.name()));
    rows.put("title", feature.title());
    rows.put("description", feature.description());
    rows.put("state", state(feature));
    in.out().pairs(rows);
    Table table = new Table().left("BUNDLE");
    feature.bundles().forEach(table::row);
    in.out().section("BUNDLES", table, "none");
  }

  /** {@code {"feature": {...}, "action", "dry_run"}}. */
  private static void change(Invocation in, String action, FeatureInfo.State from, Change change) {
    FeatureInfo feature = find(in);
    if (!in.json()) {
      String bundles = feature.own().isEmpty() ? "no bundle of its own" : String.join(", ", feature.own());
      in.out().line((in.yes() ? "" : "would ") + action + " feature ", Cell.bold(feature.name()),
          feature.state() == from ? ": " + bundles : ", but it is " + (feature.state() == FeatureInfo.State.available ? "not there" : "there"));
    }
    try {
      FeatureInfo after = in.yes() ? change.make(feature.name()) : feature;
      if (in.json()) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("feature", json(after));
        json.put("action", action);
        json.put("dry_run", !in.yes());
        in.printJson(json);
      } else if (in.yes()) {
        in.out().line("feature ", Cell.bold(after.name()), " is ", state(after));
      } else {
        in.out().line(Cell.dim("nothing was done; add --yes to do it"));
      }
    } catch (PluginRefused e) {
      throw PluginCommands.failure(e);
    }
  }
}
