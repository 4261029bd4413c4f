package io.weft.billing.core;

import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.billing.ledger.DatabaseLock;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobScope;
import io.weft.dcs.Dcs;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.dcs.DcsThreads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Sees to it that one node acts: by the leases of the DCS, or by the lock of the database where there is none. */
@Component(name = "weft.billing.singleton", service = Singleton.class)
public final class Singleton {

  /** What decides who acts. */
  public enum Mode {
    DCS(JobScope.fabric()),
    DATABASE(JobScope.everyNode()),
    OFF(JobScope.everyNode());

    private final JobScope scope;

    Mode(JobScope scope) {
      this.scope = scope;
    }

    JobScope scope() {
      return scope;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Work of a run that may act. */
  @FunctionalInterface
  interface Body {

    /** @param source what gave the lease whose token the run has */
    void run(JobRun run, String source) throws Exception;
  }

  private static final int KEPT_PER_TTL = 4;

  private final String wanted;
  private final DatabaseLock lock;
  private final Duration keepEvery;
  private final Timers timers;
  private final ExecutorService executor = DcsThreads.create("billing-lock", 1);
  private final AtomicBoolean keeping = new AtomicBoolean();
  private volatile Registration timer = () -> {};
  private volatile boolean closed;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<Dcs> stores = List.of();

  @Activate
  public Singleton(@Reference BillingCore core) {
    this.wanted = core.config().singleton();
    this.timers = core.timers();
    Duration ttl = Duration.ofSeconds(core.config().lock_ttl_seconds());
    this.keepEvery = ttl.dividedBy(KEPT_PER_TTL);
    this.lock = new DatabaseLock(core.books().ledger(), ttl);
  }

  @Deactivate
  void close() {
    closed = true;
    timer.close();
    executor.shutdown();
    lock.close();
  }

  /** As long as this process runs; where it stands still nobody does, and the lock becomes free. */
  private void keep() {
    if (!closed && lock.keep()) {
      timer = timers.after(keepEvery, executor, this::keep);
    } else {
      keeping.set(false);
    }
  }

  Mode mode() {
    return switch (wanted) {
      case "off" -> Mode.OFF;
      case "dcs" -> Mode.DCS;
      case "database" -> Mode.DATABASE;
      default -> stores.isEmpty() ? Mode.DATABASE : Mode.DCS;
    };
  }

  /** Where no component runtime sets them. */
  void use(List<Dcs> fixed) {
    stores = fixed;
  }

  boolean holdsLock() {
    return lock.isHeld();
  }

  /** Runs it if this node may. */
  void run(Mode mode, JobRun run, Body body) throws Exception {
    if (mode != Mode.DATABASE) {
      body.run(run, mode == Mode.DCS ? "dcs" : "none");
      return;
    }
    OptionalLong lease = lock.hold();
    if (lease.isEmpty()) {
      run.progress("standby: another node holds the lock of the database", Double.NaN);
      return;
    }
    if (keeping.compareAndSet(false, true)) {
      timer = timers.after(keepEvery, executor, this::keep);
    }
    body.run(new LockedRun(run, lease.getAsLong(), lock), "database");
  }
}
