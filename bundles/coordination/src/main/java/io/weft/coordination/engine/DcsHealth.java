package io.weft.coordination.engine;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsStatus;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Registration;
import io.weft.support.Causes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Says whether the DCS serves, and names each setting of it that is not safe. Asks once in a while; checks answer from that. */
@Component(name = "weft.coordination.health", service = HealthCheck.class)
public final class DcsHealth implements HealthCheck {

  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final String NAME = "dcs";
  private static final String NOT_ASKED = "not asked yet";

  private final Parts parts;
  private final Registration changes;
  private volatile @Nullable DcsStatus last;
  private volatile String problem = NOT_ASKED;
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  @Activate
  public DcsHealth(@Reference Coordination core) {
    this(core.parts());
  }

  DcsHealth(Parts parts) {
    this.parts = parts;
    this.changes = parts.dcs().onChange(() -> parts.executor().execute(this::ask));
    parts.executor().execute(this::ask);
  }

  @Deactivate
  void close() {
    closed = true;
    changes.close();
    timer.close();
  }

  private void ask() {
    timer.close();
    Dcs dcs = parts.dcs().get();
    if (closed) {
      return;
    }
    if (dcs == null) {
      last = null;
      problem = parts.dcs().missing();
      return; // asked again when that changes
    }
    dcs.status().whenComplete((status, failure) -> {
      last = status;
      problem = failure == null ? ""
          : String.valueOf((Causes.of(failure)).getMessage());
      if (!closed) {
        long jitter = ThreadLocalRandom.current().nextLong(EVERY.toNanos() / 5);
        timer = parts.timers().after(EVERY.plusNanos(jitter), parts.executor(), this::ask);
      }
    });
  }

  /** Without a DCS there is nothing to say: a node need not have one. One that does not serve is no reason to keep traffic away. */
  @Override
  public List<HealthResult> check() {
    Dcs dcs = parts.dcs().get();
    if (dcs == null) {
      return List.of();
    }
    DcsStatus status = last;
    if (status == null) {
      return List.of(new HealthResult(NAME, HealthKind.readiness, problem.equals(NOT_ASKED) ? HealthStatus.unknown
          : HealthStatus.warn, problem.startsWith(dcs.backend() + ": ") ? problem : dcs.backend() + ": " + problem));
    }
    List<HealthResult> results = new ArrayList<>();
    boolean serves = status.state() == DcsStatus.State.SERVING;
    results.add(new HealthResult(NAME, HealthKind.readiness, serves ? HealthStatus.ok : HealthStatus.warn, status.detail()));
    posture(results, dcs, "replicated", status.replicas().map(n -> n > 1),
        "one server keeps each write; its loss is the loss of all leases");
    posture(results, dcs, "synced", status.synced(), "what was confirmed may be lost when the power fails");
    posture(results, dcs, "authenticated", status.authenticated(),
        "whoever reaches it can take every lease; set a user or a token");
    posture(results, dcs, "encrypted", status.encrypted(), "whoever is on the way can read and change everything; use TLS");
    return results;
  }

  private static void posture(List<HealthResult> results, Dcs dcs, String what, Optional<Boolean> is, String otherwise) {
    String name = NAME + "-" + what;
    if (is.isEmpty()) {
      results.add(new HealthResult(name, HealthKind.posture, HealthStatus.unknown, dcs.backend() + ": not known whether it is "
          + what));
    } else {
      results.add(new HealthResult(name, HealthKind.posture, is.get() ? HealthStatus.ok : HealthStatus.warn,
          dcs.backend() + (is.get() ? ": " + what : ": not " + what + ": " + otherwise)));
    }
  }
}
