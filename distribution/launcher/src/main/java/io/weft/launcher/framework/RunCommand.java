package io.weft.launcher.framework;

import io.weft.launcher.Dist;
import io.weft.launcher.Failure;
import io.weft.launcher.Home;
import io.weft.launcher.Signals;
import io.weft.launcher.log.LogSetup;
import io.weft.launcher.trust.TrustService;
import io.weft.support.ProcessAge;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.BundleRevision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code weft run}: one node in this process, until it is told to stop. */
public final class RunCommand {

  private static final Duration READY_MAX = Duration.ofSeconds(60);

  private RunCommand() {}

  /** Until there is something to stop in order, a signal just ends the process, and that is no failure. The first thing of a start. */
  public static void endAtOnceOnSignal() {
    Signals.on(() -> Runtime.getRuntime().halt(0), "TERM", "INT", "HUP");
  }

  /** Returns the exit code. The caller must end the JVM with it: bundles may have left threads. */
  public static int run(Dist dist, Home home, List<String> words) throws Failure {
    RunOptions options = RunOptions.parse(words, System.getenv());
    checkPlatform(System.getProperty("os.name"), System.getProperty("os.arch"));
    if (!Files.isReadable(home.config())) {
      throw new Failure(Failure.PRECONDITION, "no configuration: " + home.config()
          + (Files.exists(home.config()) ? " cannot be read" : " does not exist; make one with weft init --home " + home.dir()));
    }
    home.prepare();
    try (RunLock lock = RunLock.take(home.lock(), home.dir())) {
      List<PlannedBundle> plan = new Features(dist).plan(new AddedFeatures(home.data(), dist).with(options.features()));
      LogSetup.apply(options.logFormat(), options.logLevel());
      return logged(dist, home, plan, options);
    } catch (java.io.IOException e) {
      throw new Failure(Failure.CHECK, "cannot release " + home.lock() + ": " + e.getMessage(), e);
    }
  }

  /** From here on standard error is the log's, so a failure is an event, too. */
  private static int logged(Dist dist, Home home, List<PlannedBundle> plan, RunOptions options) {
    Logger log = LoggerFactory.getLogger(RunCommand.class);
    try {
      return run(log, dist, home, plan, options);
    } catch (Failure e) {
      log.error("node not started reason={}", e.getMessage());
      log.debug("node not started", e);
      return e.exitCode();
    } catch (RuntimeException | Error e) {
      log.error("node not started because of a fault in the launcher", e);
      return Failure.CHECK;
    } finally {
      LogSetup.release();
    }
  }

  /** This distribution has native code for one platform only; elsewhere QUIC would fail later and less clearly. */
  static void checkPlatform(String system, String architecture) throws Failure {
    if (!system.equals("Linux") || !List.of("amd64", "x86_64").contains(architecture)) {
      throw new Failure(Failure.PRECONDITION, "this distribution runs on Linux on x86-64, not on " + system + " on " + architecture);
    }
  }

  private static int run(Logger log, Dist dist, Home home, List<PlannedBundle> plan, RunOptions options) throws Failure {
    Container container = new Container(dist, home, plan);
    Framework framework = container.prepare();
    TrustService trust = new TrustService(container.gate());
    StartFailures failures = new StartFailures();
    FeatureService features = new FeatureService(dist, home.data(), options.features());
    register(framework.getBundleContext(), failures, trust, features, plan);
    Shutdown shutdown = new Shutdown(framework);
    Signals.on(shutdown::begin, "TERM", "INT", "HUP");
    shutdown.guardExit();
    if (options.exitOnEof()) {
      shutdown.atEndOf(System.in);
    }
    try {
      while (true) {
        framework.start();
        shutdown.started();
        LogSetup.release(); // who has not said by now how lines look, says nothing
        log.info("framework started version={} home={} bundles={} java={} since_start_ms={}", dist.version(), home.dir(),
            framework.getBundleContext().getBundles().length - 1, Runtime.version(), sinceStart());
        reportInactive(log, framework);
        NodeService node = new NodeService(framework.getBundleContext());
        List<String> problems = node.state().isEmpty() ? node.configProblems() : List.of();
        if (!problems.isEmpty()) {
          shutdown.begin();
          framework.waitForStop(0);
          throw new Failure(Failure.CHECK, "the configuration is not good; the first of " + problems.size() + ": " + problems.get(0));
        }
        Archive.makeLater(dist);
        if (options.exitWhenReady()) {
          return exitWhenReady(log, framework, shutdown);
        }
        FrameworkEvent event = framework.waitForStop(0);
        if (event.getType() != FrameworkEvent.STOPPED_UPDATE) {
          shutdown.done();
          log.info("stopped");
          return shutdown.exitCode(event.getType() == FrameworkEvent.ERROR ? 1 : 0);
        }
        // A framework that was stopped has forgotten who was registered, and starts nothing before the gate is back.
        framework.init();
        container.openAgain(framework);
        register(framework.getBundleContext(), failures, trust, features, plan);
      }
    } catch (BundleException e) {
      throw new Failure(Failure.CHECK, "the framework does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw new Failure(Failure.CHECK, "interrupted", e);
    } finally {
      trust.close();
    }
  }

  private static void register(BundleContext context, StartFailures failures, TrustService trust, FeatureService features,
      List<PlannedBundle> plan) {
    failures.register(context);
    trust.register(context);
    features.register(context);
    OsgiLog.register(context, failures::logged);
    plan.stream().filter(bundle -> !bundle.startFor().isEmpty()).forEach(bundle -> LazyUrls.register(context, bundle));
    Logger log = LoggerFactory.getLogger(RunCommand.class);
    context.addFrameworkListener(event -> logEvent(log, event));
  }

  private static int exitWhenReady(Logger log, Framework framework, Shutdown shutdown) throws InterruptedException {
    NodeService node = new NodeService(framework.getBundleContext());
    long end = System.nanoTime() + READY_MAX.toNanos();
    while (!node.state().equals(Optional.of("ready"))) {
      if (System.nanoTime() - end > 0) {
        log.error("not ready after_s={} state={}", READY_MAX.toSeconds(), node.state().orElse("no node"));
        shutdown.begin();
        framework.waitForStop(0);
        return 1;
      }
      LockSupport.parkNanos(1_000_000);
    }
    log.info("ready since_start_ms={}", sinceStart());
    shutdown.begin();
    framework.waitForStop(0);
    log.info("stopped");
    return shutdown.exitCode(0);
  }

  private static long sinceStart() {
    return ProcessAge.now().toMillis();
  }

  private static void logEvent(Logger log, FrameworkEvent event) {
    if (event.getType() == FrameworkEvent.ERROR) {
      String bundle = String.valueOf(event.getBundle().getSymbolicName());
      log.error("bundle failed bundle={} message={}", bundle, firstLine(event.getThrowable()));
      log.debug("bundle failed bundle={}", bundle, event.getThrowable());
    }
  }

  private static String firstLine(Throwable thrown) {
    String text = thrown == null ? "" : thrown instanceof BundleException && thrown.getCause() != null
        ? thrown.getMessage() + ": " + thrown.getCause() : thrown.toString();
    return text.lines().findFirst().orElse("");
  }

  private static void reportInactive(Logger log, Framework framework) {
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      boolean fragment = (bundle.adapt(BundleRevision.class).getTypes() & BundleRevision.TYPE_FRAGMENT) != 0;
      boolean wanted = fragment || bundle.adapt(BundleStartLevel.class).isPersistentlyStarted();
      if (wanted && bundle.getState() == Bundle.INSTALLED) {
        log.warn("bundle not resolved bundle={} location={}", bundle.getSymbolicName(), bundle.getLocation());
      }
    }
  }

}
