package io.weft.installer;

import io.weft.support.wiring.Missing;
import io.weft.support.wiring.Need;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.HostNamespace;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleRevisions;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the framework from one set of bundles to another. Everything else stays as it is, apart from what is wired to what goes. */
final class Mover {

  private static final Duration STOP_MAX = Duration.ofSeconds(10);
  private static final Duration REFRESH_MAX = Duration.ofSeconds(30);
  private static final Logger log = LoggerFactory.getLogger(Mover.class);

  /** A bundle does not let go; the rest of the change is for the next start of the node. */
  static final class Stuck extends Exception {
    private static final long serialVersionUID = 1L;

    Stuck(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final BundleContext framework;
  private final Steps steps;

  Mover(BundleContext framework, Steps steps) {
    this.framework = framework;
    this.steps = steps;
  }

  /**
   * Does all but starting what is new.
   *
   * @return the bundles that came or changed
   */
  List<Bundle> move(List<RecordedBundle> from, List<RecordedBundle> to, Path folder) throws Stuck {
    Map<String, RecordedBundle> before = from.stream().collect(Collectors.toMap(RecordedBundle::location, Function.identity()));
    Map<String, RecordedBundle> after = to.stream().collect(Collectors.toMap(RecordedBundle::location, Function.identity()));
    Set<Bundle> touched = new HashSet<>();
    List<Bundle> fresh = new ArrayList<>();
    try {
      for (RecordedBundle entry : from) {
        Bundle bundle = framework.getBundle(entry.location());
        if (bundle != null && !after.containsKey(entry.location())) {
          touched.addAll(hosts(bundle));
          stop(bundle);
          bundle.uninstall();
          touched.add(bundle);
          steps.done(ChangeStep.removed, Missing.name(bundle));
        }
      }
      for (RecordedBundle entry : to) {
        RecordedBundle old = before.get(entry.location());
        if (entry.jar() == null || old != null && Objects.equals(old.jar(), entry.jar()) && framework.getBundle(entry.location()) != null) {
          continue;
        }
        Bundle bundle = put(entry, folder.resolve(entry.jar()));
        touched.add(bundle);
        touched.addAll(hosts(bundle));
        fresh.add(bundle);
        steps.done(old == null ? ChangeStep.added : ChangeStep.replaced, Missing.name(bundle));
      }
      refresh(touched);
      // All at once, before any of them starts: whom one is wired to must not depend on which of the others was quicker.
      wiring().resolveBundles(fresh.stream().filter(bundle -> bundle.getState() == Bundle.INSTALLED).toList());
      steps.done(ChangeStep.refreshed);
      return fresh;
    } catch (BundleException | IOException e) {
      throw new Stuck("the framework refused: " + e.getMessage(), e);
    }
  }

  private Bundle put(RecordedBundle entry, Path jar) throws BundleException, IOException, Stuck {
    Bundle bundle = framework.getBundle(entry.location());
    try (InputStream in = Files.newInputStream(jar)) {
      if (bundle != null) {
        stop(bundle);
        bundle.update(in);
        return bundle;
      }
      Bundle added = framework.installBundle(entry.location(), in);
      added.adapt(BundleStartLevel.class).setStartLevel(entry.startLevel());
      return added;
    }
  }

  /** Stops it without forgetting that it is meant to run. */
  private static void stop(Bundle bundle) throws Stuck {
    LeftBehind left = LeftBehind.of(bundle);
    Bounded stop = Bounded.start("stop-" + Missing.name(bundle), () -> bundle.stop(Bundle.STOP_TRANSIENT));
    if (!stop.within(STOP_MAX)) {
      String at = stop.at();
      stop.interrupt();
      throw new Stuck(Missing.name(bundle) + " does not stop, it is at " + at, null);
    }
    stop.end().exceptionally(failure -> {
      log.warn("plugin stopped badly plugin={} reason=\"{}\"", Missing.name(bundle), String.valueOf(failure.getMessage()));
      return null;
    });
    left.report();
  }

  private FrameworkWiring wiring() {
    return framework.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
  }

  /** Bundles that have a part of themselves in this fragment, or would. */
  private List<Bundle> hosts(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    if (revision == null || (revision.getTypes() & BundleRevision.TYPE_FRAGMENT) == 0) {
      return List.of();
    }
    return revision.getDeclaredRequirements(HostNamespace.HOST_NAMESPACE).stream().flatMap(host -> Need.of(host).providers(wiring()).stream())
        .map(capability -> capability.getRevision().getBundle()).toList();
  }

  /** Only those that must be: what was not wired to old content is not touched. */
  private void refresh(Set<Bundle> touched) {
    List<Bundle> stale = touched.stream().filter(bundle -> bundle.getState() == Bundle.UNINSTALLED || revisions(bundle) > 1
        || bundle.getState() != Bundle.INSTALLED).toList();
    if (stale.isEmpty()) {
      return;
    }
    CountDownLatch done = new CountDownLatch(1);
    wiring().refreshBundles(stale, event -> done.countDown());
    try {
      if (!done.await(REFRESH_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("plugin change not wired within_ms={} consequence={}", REFRESH_MAX.toMillis(), "bundles may still use old classes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int revisions(Bundle bundle) {
    BundleRevisions revisions = bundle.adapt(BundleRevisions.class);
    return revisions == null ? 0 : revisions.getRevisions().size();
  }
}
