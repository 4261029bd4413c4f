package io.weft.installer;

import io.weft.plugin.InstalledPlugin;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/** What operators added, and how it is doing, in words. */
final class Inventory {

  private final BundleContext framework;
  private final PluginStarts starts;
  private final Components components;
  private final LongFunction<?> failures;
  private final LongFunction<?> refusals;
  private final Supplier<List<InstalledPlugin>> notInstalled;

  /**
   * @param failures the launcher's memory of why a bundle did not start
   * @param refusals its word on why a bundle may not run
   * @param notInstalled what an operator wants and is in no bundle
   */
  Inventory(BundleContext framework, PluginStarts starts, Components components, LongFunction<?> failures, LongFunction<?> refusals,
      Supplier<List<InstalledPlugin>> notInstalled) {
    this.framework = framework;
    this.starts = starts;
    this.components = components;
    this.failures = failures;
    this.refusals = refusals;
    this.notInstalled = notInstalled;
  }

  List<InstalledPlugin> of(RecordedState state) {
    List<InstalledPlugin> plugins = new ArrayList<>();
    for (Bundle bundle : framework.getBundles()) {
      try {
        seen(bundle, state).ifPresent(plugins::add);
      } catch (IllegalArgumentException | IllegalStateException e) {
        if (bundle.getState() != Bundle.UNINSTALLED) { // which it was not when we asked for all
          throw e;
        }
      }
    }
    plugins.addAll(notInstalled.get());
    plugins.sort(Comparator.comparing(InstalledPlugin::name));
    return plugins;
  }

  private Optional<InstalledPlugin> seen(Bundle bundle, RecordedState state) {
    Optional<RecordedBundle> entry = state.at(bundle.getLocation());
    return entry.isPresent() ? Optional.of(recorded(bundle, entry.get()))
        : Planner.cameWithNode(bundle) ? Optional.empty() : Optional.of(unrecorded(bundle));
  }

  private InstalledPlugin recorded(Bundle bundle, RecordedBundle entry) {
    State state = starts.state(bundle, entry.started(), entry.quarantine());
    Optional<PluginStarts.Trouble> trouble = starts.trouble(bundle.getLocation());
    if (state == State.failed && trouble.isEmpty() && mayStart(bundle)) {
      state = State.starting; // its turn comes
    }
    return of(bundle, Origin.of(bundle).name(), state,
        entry.quarantine().isEmpty() ? trouble.map(PluginStarts.Trouble::reason).orElse("") : entry.quarantine(),
        Math.max(entry.failures(), trouble.map(PluginStarts.Trouble::failures).orElse(0)));
  }

  private boolean mayStart(Bundle bundle) {
    return bundle.getState() != Bundle.INSTALLED || refusals.apply(bundle.getBundleId()).toString().isEmpty()
        && Missing.of(bundle, framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class)).isEmpty();
  }

  /** Not in the record yet, or not any more. */
  private InstalledPlugin unrecorded(Bundle bundle) {
    boolean wanted = bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
    State state = starts.state(bundle, wanted, "");
    String known = String.valueOf((Object) failures.apply(bundle.getBundleId()));
    return of(bundle, Origin.of(bundle).name(), state, known.isEmpty() ? "" : "it did not start: " + known, 0);
  }

  private InstalledPlugin of(Bundle bundle, String origin, State state, String trouble, int times) {
    String reason = switch (state) {
      case failed -> bundle.getState() == Bundle.INSTALLED ? unresolved(bundle)
          : trouble.isEmpty() ? "it did not start; the log has the reason" : trouble;
      case quarantined -> trouble;
      case active -> components.failures(bundle);
      case starting, stopped -> "";
    };
    State shown = state == State.active && !reason.isEmpty() ? State.failed : state;
    return new InstalledPlugin(Missing.name(bundle), bundle.getVersion().toString(), bundle.getBundleId(), origin, shown, reason, times);
  }

  private String unresolved(Bundle bundle) {
    String refused = String.valueOf((Object) refusals.apply(bundle.getBundleId()));
    return refused.isEmpty() ? starts.missing(bundle) : "it may not run: " + refused;
  }
}
