package io.weft.node.core;

import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.NodeState;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the node is ready: every bundle runs that was to start, every configuration of the file was taken, and every
 * component of ours has what it needs. Afterwards it goes on looking, at a slower pace, so that health tells what is missing.
 */
@Component(name = "weft.node.start", service = HealthCheck.class, immediate = true)
public final class StartWatch implements HealthCheck {

  private static final Duration WHILE_STARTING = Duration.ofMillis(20);
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);

  /** How long starting takes before somebody should look. */
  private static final Duration SLOW = Duration.ofSeconds(15);

  /** A watch that is this late has lost its thread. */
  private static final Duration STUCK = Duration.ofSeconds(30);

  private static final Logger log = LoggerFactory.getLogger(StartWatch.class);

  private final NodeService node;
  private final Function<Set<String>, List<String>> parts;
  private final Configured configured;
  private final Clock clock;
  private final Timers timers;
  private final Executor worker;
  private final long activated;
  private volatile List<String> missing = List.of("the bundles are starting");
  private volatile long looked;

  // Guards timer, closed and warned.
  private final Object lock = new Object();
  private Registration timer = () -> {};
  private boolean closed;
  private boolean warned;

  @Activate
  public StartWatch(
      BundleContext context,
      @Reference NodeService node,
      @Reference Configured configured,
      @Reference ServiceComponentRuntime components,
      @Reference Clock clock,
      @Reference Timers timers,
      @Reference Worker worker) {
    this(node, new MissingParts(context, components)::find, configured, clock, timers, worker);
  }

  /** @param parts what is missing, given the PIDs that are configured; a list of its caller's own */
  StartWatch(
      NodeService node,
      Function<Set<String>, List<String>> parts,
      Configured configured,
      Clock clock,
      Timers timers,
      Executor worker) {
    this.node = node;
    this.parts = parts;
    this.configured = configured;
    this.clock = clock;
    this.timers = timers;
    this.worker = worker;
    this.activated = clock.nanos();
    this.looked = activated;
    again();
  }

  private void again() {
    synchronized (lock) {
      if (!closed) {
        timer = timers.after(node.state() == NodeState.starting ? WHILE_STARTING : AFTERWARDS, worker, this::look);
      }
    }
  }

  private void look() {
    try {
      looked = clock.nanos();
      List<String> found = parts.apply(configured.pids());
      if (!node.hasIdentity()) {
        found.add("the node has no identity");
      }
      missing = found;
      if (found.isEmpty()) {
        node.everythingIsThere();
      } else {
        warnIfSlow();
      }
    } finally {
      again();
    }
  }

  private void warnIfSlow() {
    synchronized (lock) {
      if (warned || node.state() != NodeState.starting || looked - activated < SLOW.toNanos()) {
        return;
      }
      warned = true;
    }
    log.warn("node starting slowly missing=\"{}\"", String.join("; ", missing));
  }

  @Override
  public List<HealthResult> check() {
    long age = clock.nanos() - looked;
    HealthResult alive =
        age < STUCK.toNanos()
            ? new HealthResult("node", HealthKind.liveness, HealthStatus.ok, "works")
            : new HealthResult(
                "node", HealthKind.liveness, HealthStatus.critical, "stuck for " + age / 1_000_000_000
                    + " s; restart the process");
    return List.of(alive, readiness());
  }

  private HealthResult readiness() {
    NodeState state = node.state();
    List<String> lacking = missing;
    if (state == NodeState.leaving || state == NodeState.left) {
      return new HealthResult("node", HealthKind.readiness, HealthStatus.critical, "is " + state);
    }
    if (!lacking.isEmpty()) {
      return new HealthResult("node", HealthKind.readiness, HealthStatus.critical, state + ", but " + String.join("; ", lacking));
    }
    return new HealthResult("node", HealthKind.readiness, HealthStatus.ok, state.toString());
  }

  @Deactivate
  void close() {
    synchronized (lock) {
      closed = true;
      timer.close();
    }
  }
}
