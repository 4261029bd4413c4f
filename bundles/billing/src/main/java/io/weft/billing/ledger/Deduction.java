package io.weft.billing.ledger;

import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import io.weft.billing.money.Money;
import io.weft.coordination.JobRun;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Charges every hour that is owed, one after the other, in batches. How far it is stands in the database, in the transaction of
 * the batch: who takes over goes on there, whatever became of the one before.
 */
public final class Deduction {

  static final String SCOPE = "charge";

  private static final Logger log = LoggerFactory.getLogger(Deduction.class);
  private static final int FIRST_BATCH = 1_000;
  private static final int SMALLEST_BATCH = 100;
  private static final Duration LONG = Duration.ofMillis(400);
  private static final Duration SHORT = Duration.ofMillis(150);

  private final Ledger ledger;
  private final Charging charging;
  private final Periods periods;
  private final Suspension suspension;
  private final Supplier<Optional<RatingPlan>> plans;
  private final Rules rules;
  private final Retry retry;
  private final String actor;
  private volatile int batch; // also read by who rates ahead

  public Deduction(Books books, Supplier<Optional<RatingPlan>> plans, Retry retry, String actor) {
    this.ledger = books.ledger();
    this.rules = books.rules();
    this.periods = new Periods(rules);
    this.charging = new Charging(books.meters(), books.notices(), actor);
    this.suspension = new Suspension(books, plans, retry, actor);
    this.plans = plans;
    this.retry = retry;
    this.actor = actor;
    this.batch = Math.min(FIRST_BATCH, rules.batchMax());
  }

  /**
   * Does it.
   *
   * @param source what gave the lease of this run, see {@link Fences}
   * @return what was charged by this run
   */
  public Charged run(JobRun run, String source) throws Exception {
    RatingPlan plan = plans.get().orElseThrow(() -> new IllegalStateException("there is no rating plan; nothing is charged"));
    Claim claim = new Claim();
    retry.untilDone(run, () -> {
      claim.make(run, source);
      return false;
    });
    if (!rules.idempotency()) {
      return unguarded(run, plan, claim.token);
    }
    Progress progress = new Progress();
    retry.untilDone(run, () -> {
      Optional<OpenHour> open = ledger.write(periods::current);
      if (open.isEmpty()) {
        return false;
      }
      hour(run, open.get(), plan, claim.token, progress);
      return true;
    });
    return progress.sum;
  }

  private final class Claim {

    private @Nullable Long token;

    private void make(JobRun run, String source) throws SQLException {
      token = rules.fencing() ? ledger.write(c -> Fences.claim(c, SCOPE, source, run.token(), actor)) : null;
    }
  }

  private static final class Progress {
    private Charged sum = Charged.NOTHING;
    private Duration longest = Duration.ZERO;
  }

  private void hour(JobRun run, OpenHour from, RatingPlan plan, @Nullable Long token, Progress progress) throws Exception {
    OpenHour at = from;
    try (Ahead ahead = new Ahead(after -> charging.rate(ledger, from.hour(), after, batch, plan))) {
      while (true) {
        run.check();
        Charging.Batch next = ahead.take(at.next());
        if (!next.isEmpty()) {
          ahead.begin(next.last());
        }
        Optional<Charged> charged = step(at, next, token, progress);
        if (charged.isEmpty()) {
          return; // it stands elsewhere than we thought; the next step looks where
        }
        next.tell();
        progress.sum = progress.sum.plus(charged.get());
        if (next.isEmpty()) {
          break;
        }
        at = new OpenHour(at.hour(), next.last());
        run.progress(at.hour() + ": up to account " + at.next() + ", " + progress.sum.charged() + " charged in this run",
            Double.NaN);
      }
    }
    log.info("hour charged hour={} in_this_run={} total={} longest_transaction_ms={}", at.hour(), progress.sum.charged(),
        Money.text(progress.sum.amount()), progress.longest.toMillis());
    suspension.suspend(run);
  }

  /** Empty if the hour stands elsewhere. */
  private Optional<Charged> step(OpenHour at, Charging.Batch next, @Nullable Long token, Progress progress) throws SQLException {
    long[] start = {System.nanoTime()};
    Optional<Charged> charged = ledger.write(c -> {
      if (!Periods.lock(c, at)) {
        return Optional.empty();
      }
      start[0] = System.nanoTime(); // waiting for others holds nobody up
      if (token != null) {
        // Also where nothing is charged: a stale one does not even move on.
        Sql.one(c, "SELECT fence_check(?, ?)", row -> true, SCOPE, token);
      }
      if (next.isEmpty()) {
        Periods.done(c, at);
        return Optional.of(Charged.NOTHING);
      }
      Charged sum = next.charge(c, token, true);
      Periods.move(c, at, next.last(), sum);
      return Optional.of(sum);
    });
    Duration took = Duration.ofNanos(System.nanoTime() - start[0]);
    adapt(took);
    progress.longest = took.compareTo(progress.longest) > 0 ? took : progress.longest;
    return charged;
  }

  /** No lock is held for as long as a second: what takes long is cut smaller. */
  private void adapt(Duration took) {
    if (took.compareTo(LONG) > 0) {
      batch = Math.max(Math.min(SMALLEST_BATCH, rules.batchMax()), batch / 2);
    } else if (took.compareTo(SHORT) < 0) {
      batch = Math.min(rules.batchMax(), batch * 2);
    }
  }

  /** As a single node did before there were periods: the last hour, to everybody, whenever it is asked to. */
  private Charged unguarded(JobRun run, RatingPlan plan, @Nullable Long token) throws Exception {
    Hour hour = ledger.read(c -> Sql.one(c, "SELECT hour_of(clock_now() - interval '1 hour') AS hour",
        row -> Sql.hour(row, "hour").orElseThrow()));
    Charged sum = Charged.NOTHING;
    long after = 0;
    while (true) {
      run.check();
      Charging.Batch next = charging.rate(ledger, hour, after, batch, plan);
      if (next.isEmpty()) {
        suspension.suspend(run);
        return sum;
      }
      sum = sum.plus(ledger.write(c -> next.charge(c, token, false)));
      next.tell();
      after = next.last();
    }
  }
}
