package io.weft.installer;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.plugin.InstalledPlugin.State;
import io.weft.plugin.PluginRefused;
import io.weft.support.wiring.Missing;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the plugins running that are meant to: tries again what failed, and gives up on what fails again and again. */
final class PluginStarts implements Starter.Outcome {

  /** What is known of one that did not start. */
  record Trouble(int failures, String reason, boolean pointless) {}

  private static final int DOUBLINGS_MAX = 6;
  private static final Logger log = LoggerFactory.getLogger(PluginStarts.class);

  private final BundleContext framework;
  private final SetRecord record;
  private final Timers timers;
  private final Executor worker;
  private final Supplier<InstallerConfig> config;
  private final Starter starter;
  // By location; both guarded by this. No lock is taken while it is held but that of the launcher's record.
  private final Map<String, Trouble> troubles = new HashMap<>();
  private final Set<Registration> retries = new HashSet<>();
  private volatile boolean closed;

  PluginStarts(BundleContext framework, SetRecord record, Timers timers, Executor worker, Supplier<InstallerConfig> config) {
    this.framework = framework;
    this.record = record;
    this.timers = timers;
    this.worker = worker;
    this.config = config;
    this.starter = new Starter(framework, timers, worker, this);
  }

  /** Starts whatever should run and does not, all at the same time. */
  void startAll() {
    try {
      for (RecordedBundle entry : record.read().bundles()) {
        Bundle bundle = framework.getBundle(entry.location());
        if (bundle != null && entry.started() && bundle.getState() != Bundle.ACTIVE) {
          if (entry.quarantine().isEmpty()) {
            start(bundle);
          } else {
            log.warn("plugin quarantined plugin={} reason=\"{}\" do=\"weft plugin start {}\"", Missing.name(bundle), entry.quarantine(),
                Missing.name(bundle));
          }
        }
      }
    } catch (PluginRefused e) {
      log.error("plugins not started reason=\"{}\"", e.getMessage());
    }
  }

  Bounded start(Bundle bundle) {
    return starter.start(bundle, Duration.ofMillis(config.get().start_timeout_ms()));
  }

  /** Something came or was resolved, so what could not be resolved may be now. */
  void tryUnresolved() {
    try {
      for (RecordedBundle entry : record.read().bundles()) {
        Bundle bundle = framework.getBundle(entry.location());
        if (bundle != null && entry.started() && entry.quarantine().isEmpty() && !starter.isStarting(bundle) && mayBeResolved(bundle)) {
          start(bundle);
        }
      }
    } catch (PluginRefused e) {
      log.error("plugins not started reason=\"{}\"", e.getMessage());
    }
  }

  private boolean mayBeResolved(Bundle bundle) {
    return bundle.getState() == Bundle.INSTALLED && trouble(bundle.getLocation()).filter(Trouble::pointless).isPresent();
  }

  /** It changes or goes, and nobody waits for its start any more. */
  void callOff(String location) {
    Bundle bundle = framework.getBundle(location);
    if (bundle != null) {
      starter.callOff(bundle);
    }
  }

  @Override
  public void started(Bundle bundle) {
    if (bundle.getState() == Bundle.ACTIVE) {
      log.info("plugin started plugin={} version={}", Missing.name(bundle), bundle.getVersion());
    }
    forgive(bundle.getLocation());
  }

  /** Forgets its failures and lifts its quarantine. */
  synchronized void forgive(String location) {
    troubles.remove(location);
    try {
      Optional<RecordedBundle> entry = record.read().at(location);
      if (entry.isPresent() && (entry.get().failures() > 0 || !entry.get().quarantine().isEmpty())) {
        record.failing(location, 0, "");
      }
    } catch (PluginRefused e) {
      log.warn("plugin failures not recorded location={} reason=\"{}\"", location, e.getMessage());
    }
  }

  @Override
  public synchronized void failed(Bundle bundle, String reason, boolean pointless) {
    if (closed) {
      return; // it was us who ended it
    }
    String location = bundle.getLocation();
    String name = Missing.name(bundle);
    try {
      int failures = record.read().at(location).map(RecordedBundle::failures).orElse(0) + 1;
      boolean given = !pointless && failures >= config.get().start_attempts();
      Trouble before = troubles.put(location, new Trouble(failures, reason, pointless));
      if (bundle.getState() == Bundle.INSTALLED) {
        if (before != null && before.reason().equals(reason)) {
          return; // it is tried whenever something comes, and has been said
        }
        log.warn("plugin not resolved plugin={} reason=\"{}\"", name, reason); // says nothing against it: it waits for another
        return;
      }
      record.failing(location, failures, given ? reason : "");
      log.warn("plugin failed plugin={} failures={} quarantined={} reason=\"{}\"", name, failures, given, reason);
      if (!given && !pointless) {
        long wait = (long) config.get().start_retry_ms() << Math.min(failures - 1, DOUBLINGS_MAX);
        retries.add(timers.after(Duration.ofMillis(wait), worker, () -> again(location)));
      }
    } catch (PluginRefused e) {
      log.warn("plugin failed plugin={} reason=\"{}\" not_recorded=\"{}\"", name, reason, e.getMessage());
    }
  }

  private void again(String location) {
    Bundle bundle = framework.getBundle(location);
    boolean wanted;
    synchronized (this) {
      wanted = bundle != null && troubles.containsKey(location) && bundle.getState() == Bundle.RESOLVED;
    }
    if (wanted) {
      start(bundle);
    }
  }

  synchronized Optional<Trouble> trouble(String location) {
    return Optional.ofNullable(troubles.get(location));
  }

  /** What became of earlier troubles is no longer of interest: the content is another. */
  synchronized void changed(String location) {
    troubles.remove(location);
  }

  boolean isStarting(Bundle bundle) {
    return starter.isStarting(bundle);
  }

  String missing(Bundle bundle) {
    return starter.missing(bundle, new IllegalStateException("what it needs is there, but does not fit together"));
  }

  State state(Bundle bundle, boolean wanted, String quarantine) {
    if (!quarantine.isEmpty()) {
      return State.quarantined;
    }
    if (starter.isStarting(bundle) && trouble(bundle.getLocation()).isEmpty()) {
      return State.starting;
    }
    boolean running = bundle.getState() == Bundle.ACTIVE || Starter.isFragment(bundle) && bundle.getState() == Bundle.RESOLVED;
    return running ? State.active : wanted ? State.failed : State.stopped;
  }

  void close() {
    closed = true;
    synchronized (this) {
      retries.forEach(Registration::close);
    }
    starter.close();
  }
}
