package io.weft.node.core.health;

import io.weft.node.Health;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.core.BoundedCalls;
import io.weft.node.core.log.BackEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks every check, each on a thread that may be left behind, so that one that hangs or throws is one line and not an outage. */
@Component(name = "weft.node.health")
public final class CheckedHealth implements Health {

  /** Results of one check that are looked at. */
  static final int RESULTS_MAX = 256;

  private static final Logger log = LoggerFactory.getLogger(CheckedHealth.class);
  private static final Comparator<HealthResult> WORST_FIRST =
      Comparator.comparing(HealthResult::status).reversed().thenComparing(HealthResult::name)
          .thenComparing(HealthResult::message);

  private final Map<HealthCheck, String> checks = new ConcurrentHashMap<>();
  private final Map<HealthCheck, Future<List<HealthResult>>> asked = new ConcurrentHashMap<>();
  private final Set<HealthCheck> failing = ConcurrentHashMap.newKeySet();
  private final BoundedCalls calls = new BoundedCalls("weft-node-health", 4);
  private final Duration bound;

  @Activate
  public CheckedHealth() {
    this(Duration.ofSeconds(1));
  }

  CheckedHealth(Duration bound) {
    this.bound = bound;
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE, unbind = "removeCheck")
  void addCheck(HealthCheck check, Map<String, Object> properties) {
    Object name = properties.get("component.name");
    checks.put(check, name instanceof String text && !text.isBlank() ? text : check.getClass().getSimpleName());
  }

  void removeCheck(HealthCheck check) {
    checks.remove(check);
    failing.remove(check);
    Future<?> running = asked.remove(check);
    if (running != null) {
      running.cancel(true);
    }
  }

  @Override
  public List<HealthResult> results(HealthKind kind) {
    checks.keySet().forEach(this::ask);
    long end = System.nanoTime() + bound.toNanos();
    List<HealthResult> results = new ArrayList<>();
    checks.forEach((check, name) -> results.addAll(answer(check, name, kind, end)));
    results.sort(WORST_FIRST);
    return results;
  }

  /** A check that still works on the last question is not asked another one. */
  private void ask(HealthCheck check) {
    asked.compute(check, (c, last) -> {
      if (last != null && !last.isDone()) {
        return last;
      }
      try {
        return calls.submit(c::check);
      } catch (RejectedExecutionException e) {
        log.debug("health check not asked reason={}", e.toString());
        return null;
      }
    });
  }

  private List<HealthResult> answer(HealthCheck check, String name, HealthKind kind, long end) {
    Future<List<HealthResult>> future = asked.get(check);
    if (future == null) {
      return List.of(unknown(name, kind, "was not asked: too many checks hang, or the node is stopping"));
    }
    try {
      List<HealthResult> all = future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      failing.remove(check);
      return all.stream().limit(RESULTS_MAX).filter(r -> r.kind() == kind).map(CheckedHealth::masked).toList();
    } catch (TimeoutException e) {
      log.debug("health check slow name={} bound_ms={}", name, bound.toMillis());
      return List.of(unknown(name, kind, "did not answer within " + bound.toMillis() + " ms"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(unknown(name, kind, "interrupted while asking"));
    } catch (ExecutionException | RuntimeException e) {
      Throwable cause = e instanceof ExecutionException ? e.getCause() : e;
      if (failing.add(check)) {
        log.warn("health check failed name={}", name, cause); // once, since it is asked again and again
      }
      return List.of(unknown(name, kind, "failed with " + cause.getClass().getSimpleName() + "; see the log"));
    }
  }

  /** The message may come from a foreign exception that repeats what it was given. */
  private static HealthResult masked(HealthResult result) {
    return BackEnd.mask()
        .map(mask -> new HealthResult(result.name(), result.kind(), result.status(), mask.apply(result.message())))
        .orElse(result);
  }

  private static HealthResult unknown(String name, HealthKind kind, String message) {
    return new HealthResult(name, kind, HealthStatus.unknown, message);
  }

  @Override
  public HealthStatus worst(HealthKind kind) {
    return results(kind).stream().map(HealthResult::status).max(Comparator.naturalOrder()).orElse(HealthStatus.ok);
  }

  @Deactivate
  void close() {
    calls.close();
  }
}
