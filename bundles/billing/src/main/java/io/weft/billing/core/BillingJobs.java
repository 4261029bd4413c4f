package io.weft.billing.core;

import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.weft.billing.Finding;
import io.weft.billing.Verification;
import io.weft.billing.ledger.Audit;
import io.weft.billing.ledger.Credits;
import io.weft.billing.ledger.Deduction;
import io.weft.billing.ledger.Recheck;
import io.weft.billing.ledger.Suspension;
import io.weft.coordination.Job;
import io.weft.coordination.JobRun;
import io.weft.coordination.Schedule;
import io.weft.dcs.Dcs;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The jobs. Registered anew when a DCS comes or goes, because then something else decides who runs them. */
@Component(name = "weft.billing.jobs", immediate = true, service = {})
public final class BillingJobs {

  private static final Logger log = LoggerFactory.getLogger(BillingJobs.class);
  private static final Duration SUSPENSION_EVERY = Duration.ofMinutes(10);
  private static final String FIRST_OF_MONTH = "10 0 1 * *";

  private final BundleContext context;
  private final BillingCore core;
  private final Singleton singleton;
  private final BillingHealth health;
  // Guarded by this.
  private final List<ServiceRegistration<Job>> registered = new ArrayList<>();
  private Singleton.Mode mode;
  private boolean closed;

  @Activate
  public BillingJobs(
      BundleContext context, @Reference BillingCore core, @Reference Singleton singleton, @Reference BillingHealth health) {
    this.context = context;
    this.core = core;
    this.singleton = singleton;
    this.health = health;
    this.mode = singleton.mode();
    register();
  }

  @Deactivate
  synchronized void close() {
    closed = true;
    unregister();
  }

  /** Only to hear of it; who they are is the singleton's. */
  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = DYNAMIC)
  synchronized void addDcs(Dcs dcs) {
    look();
  }

  synchronized void removeDcs(Dcs dcs) {
    look();
  }

  private void look() {
    Singleton.Mode now = singleton.mode();
    if (!closed && now != mode) {
      unregister();
      mode = now;
      register();
    }
  }

  private synchronized void register() {
    String actor = core.node().name();
    add("hourly-deduction", every(core.config().deduction_every_seconds()), (run, source) -> health.charging(
        () -> new Deduction(core.books(), core::plan, core.retry(), actor).run(run, source)));
    add("deposit-credit", every(core.config().deposit_every_seconds()), (run, source) ->
        new Credits(core.books(), core.identities(), core::sources, core.retry(), actor).run(run, source));
    add("account-suspension", Schedule.every(SUSPENSION_EVERY), (run, source) ->
        new Suspension(core.books(), core::plan, core.retry(), actor).run(run));
    add("reconciliation", every(core.config().reconciliation_every_seconds()), (run, source) -> reconcile(run));
    add("statement-export", Schedule.cron(FIRST_OF_MONTH, ZoneOffset.UTC), (run, source) ->
        new StatementFiles(core.books(), core.node().home(), StatementForm.of(core.config().statement_format()),
            core.config().statement_months()).export(run));
    log.info("billing jobs registered singleton={}", mode.word());
  }

  private void add(String name, Schedule schedule, Singleton.Body body) {
    registered.add(context.registerService(Job.class, new SingletonJob(name, schedule, singleton, mode, body), null));
  }

  private void unregister() {
    registered.forEach(ServiceRegistration::unregister);
    registered.clear();
  }

  private static Schedule every(int seconds) {
    return Schedule.every(Duration.ofSeconds(seconds));
  }

  private void reconcile(JobRun run) throws Exception {
    run.progress("asking for deposits again", Double.NaN);
    new Recheck(core.books(), core::sources, Duration.ofHours(core.config().deposit_recheck_hours())).run(run);
    run.progress("checking the books", Double.NaN);
    Verification found = new Audit(core.books().ledger()).verify();
    health.verified(found);
    String wrong = found.findings().stream().filter(f -> !f.good()).map(Finding::check).collect(Collectors.joining(", "));
    if (!wrong.isEmpty()) {
      throw new IllegalStateException("the books are wrong: " + wrong + "; see billing:verify");
    }
    run.progress(found.accounts() + " accounts, " + found.entries() + " entries, all checks good", 1);
  }
}
