package io.weft.launcher.framework;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what operators installed, with the jars, outside of the framework's cache: whatever happens to the cache, the next start has
 * them again. What is installed by hand is written down before the command that did it returns; a change by the installer is written down
 * before it is done, and finished by the next start if it was cut off.
 */
final class OperatorBundles implements SynchronousBundleListener {

  /** How often the process may start with a change that nobody found good yet, before the set from before it comes back. */
  static final int STARTS_MAX = 3;

  private static final Logger log = LoggerFactory.getLogger(OperatorBundles.class);

  private final BundleContext context;
  private final Path journal;
  private final JarFolder jars;
  private final Predicate<String> isOperators;
  private final boolean startedByOthers;
  // Guarded by this. Events come on the thread of whoever changes a bundle.
  private InstalledState state = InstalledState.EMPTY;

  /**
   * @param isOperators whether a location is an operator's rather than a feature's
   * @param startedByOthers whether a bundle starts these bundles, so that the framework must not
   */
  OperatorBundles(BundleContext context, Path data, Predicate<String> isOperators, boolean startedByOthers) {
    this.context = context;
    this.journal = data.resolve("installed.json");
    this.jars = new JarFolder(data);
    this.isOperators = isOperators;
    this.startedByOthers = startedByOthers;
  }

  /** Makes the framework hold what the record says, then listens for changes. Before the framework starts anything. */
  synchronized void open() throws IOException {
    jars.prepare();
    InstalledState read = read();
    // What has come into a feature is no longer the operator's.
    state = read.with(read.bundles().stream().filter(entry -> isOperators.test(entry.location())).toList());
    boolean exact = state.change() != null;
    if (exact) {
      countStart();
    }
    for (Bundle bundle : context.getBundles()) {
      if (isOperators(bundle) && entry(bundle.getLocation()).isEmpty()) {
        takeInOrOut(bundle, exact);
      }
    }
    for (InstalledBundle entry : state.bundles()) {
      Bundle bundle = context.getBundle(entry.location());
      if (bundle == null) {
        restore(entry);
      } else if (exact && entry.jar() != null && !jars.holds(bundle, entry.jar())) {
        replace(bundle, entry);
      }
    }
    if (exact) {
      set(state.applied());
    }
    jars.keepOnly(state.jars());
    holdBack();
    context.addBundleListener(this);
  }

  private void countStart() throws IOException {
    int starts = state.change().starts() + 1;
    if (starts > STARTS_MAX && !state.change().back()) {
      log.warn("plugins put back because={}", "the node started " + STARTS_MAX + " times without being well for long enough");
      set(state.putBack("put back: the node started " + STARTS_MAX + " times without being well for long enough"));
    } else {
      set(state.starts(starts));
    }
  }

  private void takeInOrOut(Bundle bundle, boolean exact) throws IOException {
    if (!exact) {
      remember(bundle, true);
      return;
    }
    try {
      bundle.uninstall();
    } catch (BundleException e) {
      log.warn("bundle not uninstalled location={}", bundle.getLocation(), e);
    }
  }

  /** Whoever starts them does so with a bound; the framework would wait for each. */
  private void holdBack() {
    if (!startedByOthers) {
      return;
    }
    for (Bundle bundle : context.getBundles()) {
      if (isOperators(bundle) && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()) {
        try {
          bundle.stop();
        } catch (BundleException e) {
          log.warn("bundle not held back location={}", bundle.getLocation(), e);
        }
      }
    }
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    Bundle bundle = event.getBundle();
    if (bundle.getBundleId() == 0 && event.getType() == BundleEvent.STOPPING) {
      change(() -> set(state.starts(0))); // an orderly end says nothing against a change
    }
    boolean leaving = context.getBundle(0).getState() == Bundle.STOPPING;
    if (leaving || !isOperators(bundle) || isApplying()) {
      return;
    }
    switch (event.getType()) {
      case BundleEvent.INSTALLED, BundleEvent.UPDATED -> change(() -> remember(bundle, true));
      case BundleEvent.STARTED, BundleEvent.STOPPED -> change(() -> remember(bundle, false));
      case BundleEvent.UNINSTALLED -> change(() -> forget(bundle.getLocation()));
      default -> {
        // resolving changes nothing that must survive
      }
    }
  }

  private boolean isOperators(Bundle bundle) {
    return bundle.getBundleId() != 0 && isOperators.test(bundle.getLocation());
  }

  private synchronized boolean isApplying() {
    return state.change() != null && state.change().applying();
  }

  synchronized InstalledState state() {
    return state;
  }

  JarFolder jars() {
    return jars;
  }

  /** The installer's change of the record, whole or not at all. */
  interface Step {
    InstalledState from(InstalledState state);
  }

  /** @throws IOException then nothing was changed */
  synchronized void step(Step step) throws IOException {
    set(step.from(state));
    jars.keepOnly(state.jars());
  }

  /** The framework holds the set, apart from what somebody did by hand meanwhile. */
  synchronized void applied() throws IOException {
    set(state.applied());
    for (Bundle bundle : context.getBundles()) {
      if (isOperators(bundle) && entry(bundle.getLocation()).isEmpty()) {
        remember(bundle, true);
      }
    }
  }

  private interface Change {
    void run() throws IOException;
  }

  private synchronized void change(Change change) {
    try {
      change.run();
    } catch (IOException e) {
      log.warn("journal of installed bundles not written file={} consequence={}", journal,
          "what was just changed may be lost if the bundle cache is", e);
    }
  }

  private Optional<InstalledBundle> entry(String location) {
    return state.bundles().stream().filter(entry -> entry.location().equals(location)).findFirst();
  }

  private void remember(Bundle bundle, boolean contentChanged) throws IOException {
    String location = bundle.getLocation();
    Optional<InstalledBundle> before = entry(location);
    String jar = before.map(InstalledBundle::jar).orElse(null);
    if (contentChanged || jar == null) {
      jar = jars.keep(bundle);
    }
    BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
    InstalledBundle entry = before.orElse(new InstalledBundle(location, jar, 0, false, 0, ""))
        .running(jar, level.getStartLevel(), level.isPersistentlyStarted());
    if (!Optional.of(entry).equals(before)) {
      set(state.with(without(location, entry)));
    }
    if (before.isPresent() && before.get().jar() != null && !before.get().jar().equals(jar)) {
      jars.keepOnly(state.jars());
    }
  }

  private void forget(String location) throws IOException {
    set(state.with(without(location, null)));
    jars.keepOnly(state.jars());
  }

  private List<InstalledBundle> without(String location, InstalledBundle instead) {
    List<InstalledBundle> list = new ArrayList<>(state.bundles());
    list.removeIf(entry -> entry.location().equals(location));
    if (instead != null) {
      list.add(instead);
    }
    return list;
  }

  private void set(InstalledState next) throws IOException {
    if (!next.equals(state)) {
      next.write(journal);
      state = next;
    }
  }

  private void replace(Bundle bundle, InstalledBundle entry) throws IOException {
    try (InputStream in = Files.newInputStream(jars.path(entry.jar()))) {
      bundle.update(in);
      log.info("plugin change finished location={} because={}", entry.location(), "the last run was cut off");
    } catch (BundleException e) {
      log.warn("installed bundle not updated location={} do={}", entry.location(), "install it again", e);
    }
  }

  private void restore(InstalledBundle entry) {
    try {
      Bundle bundle;
      if (entry.jar() == null) {
        bundle = context.installBundle(entry.location());
      } else {
        try (InputStream in = Files.newInputStream(jars.path(entry.jar()))) {
          bundle = context.installBundle(entry.location(), in);
        }
      }
      bundle.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
      if (entry.started() && !startedByOthers) {
        bundle.start(Bundle.START_ACTIVATION_POLICY);
      }
      log.warn("installed bundle restored location={} because={}", entry.location(), "the bundle cache had lost it");
    } catch (IOException | BundleException e) {
      log.warn("installed bundle lost location={} do={}", entry.location(), "install it again", e);
    }
  }

  private InstalledState read() {
    try {
      return InstalledState.read(journal);
    } catch (NoSuchFileException e) {
      return InstalledState.EMPTY;
    } catch (IOException e) {
      log.warn("journal of installed bundles unreadable file={} consequence={}", journal, "it is made anew from the bundle cache", e);
      return InstalledState.EMPTY;
    }
  }
}
