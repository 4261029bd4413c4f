package io.weft.node.core.config;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Registration;
import io.weft.node.Setting;
import io.weft.node.Settings;
import io.weft.node.Timers;
import io.weft.node.core.Configured;
import io.weft.node.core.Worker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads {@code weft.yaml}, gives it to Configuration Admin, and follows its edits. A file with problems changes nothing. When
 * bundles come or change, the file is held against what they declare.
 */
@Component(
    name = "weft.node.config",
    immediate = true,
    service = {Settings.class, Configured.class, FileSettings.class, HealthCheck.class})
public final class FileSettings implements Settings, Configured, HealthCheck {

  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration SETTLE = Duration.ofMillis(100);
  private static final Logger log = LoggerFactory.getLogger(FileSettings.class);

  private final String label;
  private final WatchedFile file;
  private final Supplier<ConfigSchema> schemas;
  private final ConfigWriter writer;
  private final Timers timers;
  private final Executor worker;
  private final DoubleSupplier random;
  private final Runnable unlisten;

  // Guards timer and closed.
  private final Object lock = new Object();
  private Registration timer = () -> {};
  private boolean closed;

  // Written by one thread at a time: first the activating one, then the worker.
  private volatile InForce inForce = InForce.NOTHING;
  private volatile List<String> problems = List.of();
  private volatile String digest = "";
  private volatile boolean schemaStale;
  private boolean started;

  @Activate
  public FileSettings(BundleContext context, @Reference ConfigurationAdmin admin, @Reference Timers timers,
      @Reference Worker worker) {
    this(
        Path.of(property(context, "weft.home", ".")),
        Path.of(property(context, "weft.config", "conf/weft.yaml")),
        new BundleSchemas(context, Path.of(property(context, "weft.home", ".")).resolve("deploy"))::load,
        admin,
        timers,
        worker,
        context);
  }

  private FileSettings(
      Path home, Path path, Supplier<ConfigSchema> schemas, ConfigurationAdmin admin, Timers timers, Executor worker,
          BundleContext context) {
    this(home, path, schemas, admin, timers, worker, stale -> {
      BundleListener listener = event -> {
        if (event.getType() == BundleEvent.INSTALLED || event.getType() == BundleEvent.UPDATED
            || event.getType() == BundleEvent.UNINSTALLED) {
          stale.run();
        }
      };
      context.addBundleListener(listener);
      return () -> context.removeBundleListener(listener);
    }, () -> ThreadLocalRandom.current().nextDouble());
  }

  /** Calls back whenever the schema may have changed, until it is closed. */
  @FunctionalInterface
  interface SchemaChanges {
    Registration watch(Runnable stale);
  }

  FileSettings(
      Path home,
      Path path,
      Supplier<ConfigSchema> schemas,
      ConfigurationAdmin admin,
      Timers timers,
      Executor worker,
      SchemaChanges changes,
      DoubleSupplier random) {
    Path config = path.isAbsolute() ? path : home.resolve(path);
    this.label = ConfigFile.label(home, config);
    this.file = new WatchedFile(config);
    this.schemas = schemas;
    this.writer = new ConfigWriter(admin);
    this.timers = timers;
    this.worker = worker;
    this.random = random;
    read();
    this.unlisten = changes.watch(this::schemaChanged)::close;
    again(LOOK);
  }

  private static String property(BundleContext context, String key, String otherwise) {
    String value = context.getProperty(key);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private void schemaChanged() {
    schemaStale = true;
    again(SETTLE);
  }

  private void again(Duration delay) {
    long nanos = (long) (delay.toNanos() * (0.9 + 0.2 * random.getAsDouble()));
    synchronized (lock) {
      if (!closed) {
        timer.close();
        timer = timers.after(Duration.ofNanos(nanos), worker, this::look);
      }
    }
  }

  private void look() {
    Duration next = LOOK;
    try {
      if (schemaStale || file.changedAndSettled()) {
        read();
      } else if (file.changed()) {
        next = SETTLE;
      }
    } finally {
      again(next);
    }
  }

  private void read() {
    schemaStale = false;
    ConfigModel model = ConfigFile.evaluate(label, file::read, schemas.get(), System::getenv);
    List<String> found = model.problems().stream().map(problem -> problem.at(label)).toList();
    List<String> before = problems;
    if (found.isEmpty()) {
      found = apply(model, before);
    } else if (!found.equals(before)) {
      found.forEach(problem -> log.error("config refused problem=\"{}\"", problem));
      log.error("config not applied problems={} effect=\"{}\"", found.size(), started ? "nothing changed"
          : "the node does not start");
    }
    problems = found;
  }

  /** Returns what went wrong. */
  private List<String> apply(ConfigModel model, List<String> before) {
    InForce next = started ? inForce.then(model.instances()) : InForce.first(model.instances());
    List<String> touched;
    try {
      touched = writer.write(next.instances());
    } catch (IOException | RuntimeException e) {
      List<String> wrong = List.of(label + ": Configuration Admin failed (" + e.getMessage() + "); tried again, see the log");
      if (!wrong.equals(before)) {
        log.error("config not written file={} effect=\"tried again\"", label, e);
      }
      schemaStale = true;
      return wrong;
    }
    boolean news = !next.pending().equals(inForce.pending());
    inForce = next;
    // Of what is in force, not of what waits: peers compare it with theirs.
    String shared = next.pending().isEmpty() ? model.sharedDigest() : SharedPart.digest(next.instances());
    if (!started || !shared.equals(digest) || !touched.isEmpty() || news) {
      model.warnings().forEach(warning -> log.warn("config note about=\"{}\"", warning.at(label)));
      log.info("config applied file={} shared_digest={} changed={}", label, shared, String.join(",", touched));
    }
    if (news && !next.pending().isEmpty()) {
      log.warn("config waits for a restart keys={}", keys(next.pending()));
    }
    digest = shared;
    started = true;
    return List.of();
  }

  private static String keys(List<Setting> settings) {
    return settings.stream().map(Setting::key).collect(Collectors.joining(","));
  }

  /** Everything that is configured, for whoever judges it. */
  List<Instance> instances() {
    return inForce.instances();
  }

  @Override
  public List<Setting> all() {
    return ConfigModel.settings(inForce.instances());
  }

  @Override
  public List<Setting> pendingRestart() {
    return inForce.pending();
  }

  @Override
  public List<String> problems() {
    return problems;
  }

  @Override
  public String sharedDigest() {
    return digest;
  }

  @Override
  public Set<String> pids() {
    return inForce.instances().stream().filter(Instance::written).map(Instance::id).collect(Collectors.toSet());
  }

  @Override
  public List<HealthResult> check() {
    List<HealthResult> results = new ArrayList<>();
    List<String> wrong = problems;
    boolean running = !inForce.instances().isEmpty();
    if (!wrong.isEmpty()) {
      String more = wrong.size() > 1 ? " (and " + (wrong.size() - 1) + " more)" : "";
      HealthStatus status = running ? HealthStatus.warn : HealthStatus.critical;
      String effect = running ? "the last edit is not in force: " : "the node does not start: ";
      results.add(new HealthResult("config", HealthKind.readiness, status, effect + wrong.get(0) + more));
    } else {
      results.add(new HealthResult("config", HealthKind.readiness, HealthStatus.ok, label + " is in force"));
    }
    if (!inForce.pending().isEmpty()) {
      results.add(
          new HealthResult("config", HealthKind.posture, HealthStatus.warn, "edited, and in force after a restart: "
              + keys(inForce.pending())));
    }
    return results;
  }

  @Deactivate
  void close() {
    synchronized (lock) {
      closed = true;
      timer.close();
    }
    unlisten.run();
  }
}
