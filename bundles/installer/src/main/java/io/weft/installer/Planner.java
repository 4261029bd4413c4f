package io.weft.installer;

import io.weft.plugin.PluginPlan;
import io.weft.plugin.PluginPlan.Kind;
import io.weft.plugin.PluginRefused;
import io.weft.plugin.PluginRequest;
import io.weft.plugin.PluginRequest.Verb;
import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;

/** From a wish to the bundles that have to move. */
final class Planner {

  private static final int START_LEVEL = 80;
  private static final int NEAR_MAX = 3;

  private final BundleContext framework;
  private final Intake intake;
  private final Impact impact;
  private final CataloguedPlugins catalogs;
  private final Suppliers suppliers;

  Planner(BundleContext framework, Intake intake, Impact impact, CataloguedPlugins catalogs) {
    this.framework = framework;
    this.intake = intake;
    this.impact = impact;
    this.catalogs = catalogs;
    this.suppliers = new Suppliers(catalogs, intake, impact);
  }

  PluginPlan plan(PluginRequest request, RecordedState state) throws PluginRefused {
    if (request.verb() != Verb.remove && request.what().stream().anyMatch(Sources::isName)) {
      catalogs.refresh();
    }
    List<Target> targets = new ArrayList<>();
    for (String what : request.what()) {
      Target target = switch (request.verb()) {
        case install -> install(what);
        case update -> update(what, state);
        case remove -> remove(what, state);
        case rollback -> throw new IllegalArgumentException("a rollback names nothing");
      };
      if (targets.stream().anyMatch(t -> t.location().equals(target.location()))) {
        throw new PluginRefused(target.name() + " is named twice");
      }
      targets.add(target);
    }
    if (request.verb() == Verb.rollback) {
      targets.addAll(back(state));
    }
    Suppliers.Brought all = suppliers.to(targets, facts -> brought(facts, state));
    return impact.of(request.verb() + " " + all.targets().stream().map(Target::words).collect(Collectors.joining(", ")), all.targets(),
        state, all.hints());
  }

  /** What files in the deploy folder ask for, all at once. */
  PluginPlan plan(List<Target> drops, RecordedState state) {
    String summary = drops.stream().map(drop -> drop.kind() + " " + drop.words()).collect(Collectors.joining(", ", "deploy folder: ", ""));
    return impact.of(summary, drops, state, Map.of());
  }

  private Target install(String source) throws PluginRefused {
    JarFacts facts = intake.take(source);
    return add(facts, Origin.plugin.location(facts.name()), Set.of());
  }

  /** @param going locations that are left by the same change */
  private Target add(JarFacts facts, String location, Set<String> going) throws PluginRefused {
    for (Bundle bundle : framework.getBundles()) {
      if (facts.name().equals(bundle.getSymbolicName()) && !going.contains(bundle.getLocation())) {
        String there = facts.name() + " is " + (cameWithNode(bundle) ? "part of the node" : "installed already, in version "
            + bundle.getVersion());
        throw new PluginRefused(there + (cameWithNode(bundle) ? "" : "; use 'weft plugin update' to replace it"), cameWithNode(bundle));
      }
    }
    return new Target(Kind.add, Optional.empty(), Optional.of(facts),
        Optional.of(new RecordedBundle(location, null, START_LEVEL, true, 0, "")), location);
  }

  private Target update(String source, RecordedState state) throws PluginRefused {
    JarFacts facts = intake.take(source);
    Bundle bundle = operators(facts.name(), state);
    RecordedBundle entry = state.at(bundle.getLocation()).orElseThrow();
    if (holds(entry, facts, state)) {
      throw new PluginRefused(facts + (isNewest(source) ? " is installed already, and the newest that the catalogues have"
          : " is installed already, byte for byte"));
    }
    if (isNewest(source) && bundle.getVersion().compareTo(Version.parseVersion(facts.version())) > 0) {
      throw new PluginRefused(facts.name() + " " + bundle.getVersion() + " is installed, which is newer than what the catalogues have; to go back, "
          + "name the version: " + facts.name() + "@" + facts.version());
    }
    return replace(bundle, entry, facts);
  }

  /** Whether somebody wants what is newest rather than a certain version. */
  private static boolean isNewest(String source) {
    return Sources.isName(source) && source.indexOf('@') < 0;
  }

  /** What a catalogue has and others need: it comes, or replaces what an operator installed. */
  private Target brought(JarFacts facts, RecordedState state) throws PluginRefused {
    boolean there = Arrays.stream(framework.getBundles()).anyMatch(bundle -> facts.name().equals(bundle.getSymbolicName()));
    if (!there) {
      return add(facts, Origin.plugin.location(facts.name()), Set.of());
    }
    Bundle bundle = operators(facts.name(), state);
    return replace(bundle, state.at(bundle.getLocation()).orElseThrow(), facts);
  }

  private static Target replace(Bundle bundle, RecordedBundle entry, JarFacts facts) {
    return new Target(Kind.replace, Optional.of(bundle), Optional.of(facts),
        Optional.of(new RecordedBundle(bundle.getLocation(), null, entry.startLevel(), entry.started(), 0, "")), bundle.getLocation());
  }

  /**
   * What a file in the deploy folder asks for; empty if what it holds is there already.
   *
   * @param going locations that are left by the same change
   */
  Optional<Target> drop(String location, JarFacts facts, Set<String> going, RecordedState state) throws PluginRefused {
    Optional<RecordedBundle> entry = state.at(location);
    Bundle bundle = framework.getBundle(location);
    if (entry.isEmpty() || bundle == null) {
      return Optional.of(add(facts, location, going));
    }
    return holds(entry.get(), facts, state) ? Optional.empty() : Optional.of(replace(bundle, entry.get(), facts));
  }

  /** A file went out of the deploy folder; empty if what it held is gone already. */
  Optional<Target> gone(String location, RecordedState state) {
    return state.at(location).flatMap(entry -> Optional.ofNullable(framework.getBundle(location)))
        .map(bundle -> new Target(Kind.remove, Optional.of(bundle), Optional.empty(), Optional.empty(), location));
  }

  private static boolean holds(RecordedBundle entry, JarFacts facts, RecordedState state) {
    return state.jar(entry).map(Planner::hash).filter(facts.sha256()::equals).isPresent();
  }

  private Target remove(String name, RecordedState state) throws PluginRefused {
    Bundle bundle = operators(name, state);
    return new Target(Kind.remove, Optional.of(bundle), Optional.empty(), Optional.empty(), bundle.getLocation());
  }

  private List<Target> back(RecordedState state) throws PluginRefused {
    List<Target> targets = new ArrayList<>();
    for (RecordedBundle entry : state.previous()) {
      Optional<RecordedBundle> now = state.at(entry.location());
      Optional<Path> jar = state.jar(entry);
      boolean same = now.isPresent() && String.valueOf(now.get().jar()).equals(String.valueOf(entry.jar()));
      if (!same && jar.isPresent()) {
        Optional<Bundle> bundle = Optional.ofNullable(framework.getBundle(entry.location()));
        targets.add(new Target(bundle.isPresent() ? Kind.replace : Kind.add, bundle, Optional.of(intake.again(jar.get())),
            Optional.of(entry), entry.location()));
      }
    }
    for (RecordedBundle entry : state.bundles()) {
      boolean stays = state.previous().stream().anyMatch(p -> p.location().equals(entry.location()));
      Bundle bundle = framework.getBundle(entry.location());
      if (!stays && bundle != null) {
        targets.add(new Target(Kind.remove, Optional.of(bundle), Optional.empty(), Optional.empty(), entry.location()));
      }
    }
    if (targets.isEmpty()) {
      throw new PluginRefused("there is no earlier set to go back to; 'weft plugin history' lists the changes");
    }
    return targets;
  }

  /** The bundle of that name that an operator installed. */
  private Bundle operators(String name, RecordedState state) throws PluginRefused {
    List<Bundle> found = Arrays.stream(framework.getBundles()).filter(b -> name.equals(b.getSymbolicName())).toList();
    for (Bundle bundle : found) {
      if (state.at(bundle.getLocation()).isPresent()) {
        if (Origin.of(bundle) == Origin.deploy) {
          throw new PluginRefused(name + " is in the deploy folder; replace or remove its file there");
        }
        return bundle;
      }
    }
    if (found.isEmpty()) {
      String near = state.bundles().stream().map(entry -> framework.getBundle(entry.location())).filter(b -> b != null)
          .map(Missing::name).filter(n -> n.toLowerCase(Locale.ROOT).contains(name.toLowerCase(Locale.ROOT))).limit(NEAR_MAX)
          .collect(Collectors.joining(", "));
      throw new PluginRefused("no plugin '" + name + "' is installed; " + (near.isEmpty() ? "'weft plugin list' lists all" : "there is "
          + near));
    }
    throw cameWithNode(found.get(0)) ? new PluginRefused(name + " came with the node; 'weft bundle' and new versions change it", true)
        : new PluginRefused(name + " was not installed by an operator");
  }

  /** Part of the node as it was delivered. */
  static boolean cameWithNode(Bundle bundle) {
    return Origin.of(bundle) == Origin.node;
  }

  private static String hash(Path jar) {
    try {
      return JarFacts.hash(jar);
    } catch (java.io.IOException e) {
      return ""; // then it is not the same as anything
    }
  }
}
