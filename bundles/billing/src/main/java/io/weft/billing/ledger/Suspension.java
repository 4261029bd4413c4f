package io.weft.billing.ledger;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.BalanceChange;
import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import io.weft.billing.money.CreditRule;
import io.weft.coordination.JobRun;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Suspends who owes too much, and lifts that for who has paid or uses next to nothing. In ranges, so that no lock is held for
 * long.
 */
public final class Suspension {

  private static final int RANGE = 20_000;
  private static final String RETURNED = " RETURNING number, identity, balance, state";

  private final Ledger ledger;
  private final Meters meters;
  private final Notices notices;
  private final CreditRule rule;
  private final Supplier<Optional<RatingPlan>> plans;
  private final Retry retry;
  private final String actor;

  public Suspension(Books books, Supplier<Optional<RatingPlan>> plans, Retry retry, String actor) {
    this.ledger = books.ledger();
    this.meters = books.meters();
    this.notices = books.notices();
    this.rule = books.rules().credit();
    this.plans = plans;
    this.retry = retry;
    this.actor = actor;
  }

  /** Does both; returns how many accounts changed. */
  public long run(JobRun run) throws Exception {
    return suspend(run) + lift(run);
  }

  long suspend(JobRun run) throws Exception {
    return inRanges(run, BalanceChange.Cause.SUSPENSION, (c, from) -> changed(c, "UPDATE accounts SET state = 'suspended' "
        + "WHERE number > ? AND number <= ? AND state = 'active' AND " + CreditRule.SUSPEND + RETURNED, from, from + RANGE));
  }

  private long lift(JobRun run) throws Exception {
    long paid = inRanges(run, BalanceChange.Cause.LIFTING, (c, from) -> changed(c,
        "UPDATE accounts SET state = 'active', excused = NULL WHERE number > ? AND number <= ? AND state = 'suspended' AND "
            + CreditRule.LIFT + RETURNED, from, from + RANGE, rule.margin()));
    return paid + liftFree(run);
  }

  /** Those whose use costs nothing now: an account that is below what is free need not pay to be let in again. */
  private long liftFree(JobRun run) throws Exception {
    Optional<RatingPlan> plan = plans.get();
    if (plan.isEmpty()) {
      return 0;
    }
    Hour hour = ledger.read(c -> Sql.one(c, "SELECT hour_of(clock_now()) AS hour", row -> Sql.hour(row, "hour").orElseThrow()));
    long[] after = {0};
    long[] lifted = {0};
    retry.untilDone(run, () -> {
      List<Metered> accounts = ledger.next(c -> Meters.suspended(c, hour, after[0], RANGE));
      if (accounts.isEmpty()) {
        return false;
      }
      Map<Long, BigDecimal> fees = meters.fees(hour, accounts, plan.get());
      Long[] free = accounts.stream().map(a -> a.ref().number()).filter(n -> fees.get(n).signum() == 0).toArray(Long[]::new);
      List<BalanceChange> changes = ledger.write(c -> noted(c, BalanceChange.Cause.LIFTING, changed(c,
          "UPDATE accounts SET state = 'active', excused = balance WHERE number = ANY (?) AND state = 'suspended'" + RETURNED,
          (Object) free)));
      notices.tell(changes);
      lifted[0] += changes.size();
      after[0] = accounts.get(accounts.size() - 1).ref().number();
      return true;
    });
    return lifted[0];
  }

  private interface Change {
    List<Change.Row> in(Connection connection, long from) throws SQLException;

    /** An account after it. */
    record Row(AccountRef ref, BigDecimal balance, AccountState state) {}
  }

  private long inRanges(JobRun run, BalanceChange.Cause cause, Change change) throws Exception {
    long[] at = {0};
    long[] count = {0};
    retry.untilDone(run, () -> {
      long last = ledger.read(c -> Sql.number(c, "SELECT coalesce(max(number), 0) FROM accounts"));
      if (at[0] >= last) {
        return false;
      }
      List<BalanceChange> changes = ledger.write(c -> noted(c, cause, change.in(c, at[0])));
      notices.tell(changes);
      count[0] += changes.size();
      at[0] += RANGE;
      return true;
    });
    return count[0];
  }

  private static List<Change.Row> changed(Connection connection, String sql, Object... values) throws SQLException {
    return Sql.list(connection, sql,
        row -> new Change.Row(Accounts.ref(row), row.getBigDecimal("balance"), Accounts.state(row)), values);
  }

  private List<BalanceChange> noted(Connection connection, BalanceChange.Cause cause, List<Change.Row> rows) throws SQLException {
    Long[] numbers = rows.stream().map(r -> r.ref().number()).toArray(Long[]::new);
    if (numbers.length > 0) {
      Sql.update(connection, "INSERT INTO state_changes (account, state, balance, actor) "
          + "SELECT number, state, balance, ? FROM accounts WHERE number = ANY (?)", actor, numbers);
    }
    return rows.stream().map(r -> new BalanceChange(r.ref(), cause, r.balance(), r.state())).toList();
  }
}
