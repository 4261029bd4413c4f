package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.launcher.trust.DistributionHashes;
import io.weft.launcher.trust.TrustGate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the framework hold what the features name. A damaged cache is made anew rather than a reason not to start. */
final class Container {

  /** Starts what operators installed, so the framework does not. */
  private static final String INSTALLER = "io.weft:io.weft.installer";

  private static final Logger log = LoggerFactory.getLogger(Container.class);

  private final Dist dist;
  private final Home home;
  private final TrustGate gate;
  private final List<PlannedBundle> plan;
  private Map<String, String> fingerprints = Map.of(); // by location, as the jars were when they were checked

  Container(Dist dist, Home home, List<PlannedBundle> plan) throws Failure {
    this.dist = dist;
    this.home = home;
    this.plan = plan;
    this.gate = new TrustGate(dist, home, plan.stream().map(bundle -> bundle.jar().toAbsolutePath().normalize()).toList());
  }

  TrustGate gate() {
    return gate;
  }

  /** The framework with all bundles installed and the gate in place, ready to start. */
  Framework prepare() throws Failure {
    checkDistribution();
    try {
      Framework framework = initialised();
      try {
        fill(framework, plan);
      } catch (BundleException | RuntimeException e) {
        log.warn("bundle cache damaged dir={} do={}", storage(), "nothing; it is made anew", e);
        close(framework);
        discardStorage();
        framework = create();
        framework.init();
        fill(framework, plan);
      }
      gate.open(framework.getBundleContext());
      ForgottenUses.open(framework);
      resolve(framework);
      return framework;
    } catch (BundleException | IOException e) {
      throw new Failure(Failure.PRECONDITION, "the framework cannot be set up in " + storage() + ": " + e.getMessage(), e);
    }
  }

  /** Before the framework looks at them. Hashes only what is not known to be as it was: it would cost a tenth of a second at each start. */
  private void checkDistribution() throws Failure {
    try {
      Map<String, String> known = new HashMap<>();
      new AppliedBundles(home.data()).read().forEach(applied -> known.put(applied.location(), applied.fingerprint()));
      fingerprints = AppliedBundles.fingerprints(plan);
      DistributionHashes hashes = null;
      for (PlannedBundle bundle : plan) {
        if (!fingerprints.get(bundle.location()).equals(known.get(bundle.location()))) {
          hashes = hashes == null ? DistributionHashes.of(dist) : hashes;
          hashes.check(bundle.jar());
        }
      }
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + dist.bundles() + ": " + e.getMessage(), e);
    }
  }

  private Framework initialised() throws BundleException, IOException {
    Framework framework = create();
    try {
      framework.init();
      return framework;
    } catch (BundleException | RuntimeException e) {
      log.warn("bundle cache unreadable dir={} do={}", storage(), "nothing; it is made anew", e);
      discardStorage();
      Framework second = create();
      second.init();
      return second;
    }
  }

  /** After the framework was stopped and initialised once more: it has forgotten who listened and who was registered. */
  void openAgain(Framework framework) throws Failure {
    try {
      openRecord(framework);
      gate.open(framework.getBundleContext());
      ForgottenUses.open(framework);
      resolve(framework);
    } catch (IOException e) {
      throw new Failure(Failure.PRECONDITION, "cannot read " + home.data() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Ours that will be started, at once: each by itself when it is started costs twice as much. What fails here fails again, with its
   * reason, when it is started. Not the operator's: the gate does not know yet what the configuration allows.
   */
  private void resolve(Framework framework) {
    BundleContext context = framework.getBundleContext();
    List<Bundle> ours = plan.stream().map(bundle -> context.getBundle(bundle.location()))
        .filter(bundle -> bundle != null && bundle.adapt(BundleStartLevel.class).isPersistentlyStarted()).toList();
    framework.adapt(FrameworkWiring.class).resolveBundles(ours);
  }

  private void fill(Framework framework, List<PlannedBundle> plan) throws BundleException, IOException {
    apply(framework.getBundleContext(), plan);
    openRecord(framework);
  }

  private void openRecord(Framework framework) throws IOException {
    OperatorBundles operators = new OperatorBundles(framework.getBundleContext(), home.data(),
        location -> !isOurs(location, plan), installerStartsPlugins());
    operators.open();
    new RecordService(operators).register(framework.getBundleContext());
  }

  /** Whether a bundle starts what operators installed, with a bound, so that nobody else must. */
  boolean installerStartsPlugins() {
    return plan.stream().anyMatch(b -> b.artifact().equals(INSTALLER));
  }

  private boolean isOurs(String location, List<PlannedBundle> plan) {
    return location.startsWith("reference:" + dist.bundles().toUri()) || plan.stream().anyMatch(b -> b.location().equals(location));
  }

  private void apply(BundleContext context, List<PlannedBundle> plan) throws BundleException, IOException {
    Map<String, Boolean> present = new HashMap<>();
    for (Bundle bundle : context.getBundles()) {
      present.put(bundle.getLocation(), bundle.adapt(BundleStartLevel.class).isPersistentlyStarted());
    }
    AppliedBundles applied = new AppliedBundles(home.data());
    FeatureDiff diff = FeatureDiff.between(plan, present, applied.read(), fingerprints, "reference:" + dist.bundles().toUri());
    if (diff.isEmpty()) {
      return;
    }
    for (String location : diff.uninstall()) {
      context.getBundle(location).uninstall();
    }
    for (PlannedBundle bundle : diff.install()) {
      setUp(context.installBundle(bundle.location()), bundle, diff);
    }
    for (PlannedBundle bundle : diff.update()) {
      context.getBundle(bundle.location()).update();
      context.getBundle(bundle.location()).adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
    }
    for (PlannedBundle bundle : diff.adopt()) {
      setUp(context.getBundle(bundle.location()), bundle, diff);
    }
    applied.write(plan, fingerprints);
    log.info("features applied installed={} updated={} removed={}",
        diff.install().size() + diff.adopt().size(), diff.update().size(), diff.uninstall().size());
  }

  private static void setUp(Bundle installed, PlannedBundle bundle, FeatureDiff diff) throws BundleException {
    installed.adapt(BundleStartLevel.class).setStartLevel(bundle.startLevel());
    boolean fragment = (installed.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
    if (bundle.start() && !fragment && !diff.keepStopped().contains(bundle.artifact())) {
      installed.start(Bundle.START_ACTIVATION_POLICY);
    }
  }

  private Framework create() {
    System.setProperty(TrustGate.FORBID_EXTENSIONS, "true");
    return new FrameworkFactory().newFramework(properties());
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>();
    properties.put("weft.home", home.dir().toString());
    properties.put("weft.config", home.config().toString());
    properties.put("weft.dist", dist.dir().toString());
    properties.put("weft.version", dist.version());
    properties.put(Constants.FRAMEWORK_STORAGE, storage().toString());
    properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, "100");
    properties.put("felix.startlevel.bundle", "80");
    properties.put("felix.cache.locking", "false"); // run/lock has been taken
    properties.put("felix.cm.pm", "memory"); // weft.yaml is the one place for configuration; nothing older comes back
    properties.put("felix.resolver.parallelism", "1"); // handing over to threads costs more than there is to do
    properties.put("felix.log.logger", new FrameworkLog());
    properties.put("felix.log.level", "2");
    properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, SystemPackages.EXTRA);
    properties.put("ds.loglevel", "2");
    // What descriptors said is kept at a stop, by bundle and time of its last change: reading the XML is a twelfth of a start.
    properties.put("ds.cache.metadata", "true");
    // On a busy machine a component may take many seconds to start, and who gives up waiting for it never gets it. The end has a bound of
    // its own, and does not wait for a start.
    properties.put("ds.lock.timeout.milliseconds", "30000");
    properties.put("ds.stop.timeout.milliseconds", "1500");
    return properties;
  }

  private Path storage() {
    return home.data().resolve("framework");
  }

  /** Keeps the damaged one for whoever wants to know why, but only the last. */
  private void discardStorage() throws IOException {
    Path damaged = storage().resolveSibling("framework.damaged");
    Trees.delete(damaged);
    if (Files.exists(storage())) {
      Files.move(storage(), damaged);
    }
    Files.deleteIfExists(home.data().resolve("features.json"));
  }

  private static void close(Framework framework) {
    try {
      framework.stop();
      framework.waitForStop(5_000);
    } catch (BundleException e) {
      log.warn("framework did not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
