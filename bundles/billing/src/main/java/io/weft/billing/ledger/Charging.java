package io.weft.billing.ledger;

import io.weft.billing.AccountRef;
import io.weft.billing.BalanceChange;
import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Charges an hour to some accounts: the entries are the gate, and only what came through it changes a balance. */
final class Charging {

  private static final String GATE = """
      WITH gate AS (
        INSERT INTO entries (account, type, amount, reference, token, period, guarded, actor)
        SELECT c.account, 'charge', -c.amount, ?, ?::bigint, ?::timestamptz, ?, ? FROM unnest(?, ?) AS c (account, amount)
        ON CONFLICT (account, period) WHERE type = 'charge' AND guarded DO NOTHING
        RETURNING account, amount
      ), moved AS (
        UPDATE accounts a SET balance = a.balance + g.amount FROM gate g WHERE a.number = g.account AND a.number BETWEEN ? AND ?
        RETURNING a.number, a.balance, a.state, g.amount
      )
      """;
  private static final String SUM = GATE + "SELECT count(*) AS n, coalesce(-sum(amount), 0) AS amount FROM moved";
  private static final String ROWS = GATE + "SELECT number, balance, state, amount FROM moved";

  private final Notices notices;
  private final Meters meters;
  private final String actor;

  /** @param actor who charges */
  Charging(Meters meters, Notices notices, String actor) {
    this.meters = meters;
    this.notices = notices;
    this.actor = actor;
  }

  /** What is to be charged to some accounts, and what became of it once that is committed. */
  final class Batch {

    private final Hour hour;
    private final List<Metered> accounts;
    private final List<Long> numbers = new ArrayList<>();
    private final List<BigDecimal> amounts = new ArrayList<>();
    private final long free;
    private final long skipped;
    private final List<BalanceChange> changes = new ArrayList<>();

    private Batch(Hour hour, List<Metered> accounts, Map<Long, BigDecimal> fees) {
      this.hour = hour;
      this.accounts = accounts;
      for (Metered account : accounts) {
        BigDecimal fee = fees.getOrDefault(account.ref().number(), BigDecimal.ZERO);
        if (account.active() && fee.signum() > 0) {
          numbers.add(account.ref().number());
          amounts.add(fee);
        }
      }
      skipped = accounts.stream().filter(a -> !a.active()).count();
      free = accounts.size() - numbers.size() - skipped;
    }

    boolean isEmpty() {
      return accounts.isEmpty();
    }

    int size() {
      return accounts.size();
    }

    long last() {
      return accounts.get(accounts.size() - 1).ref().number();
    }

    /** @param token null for no fencing */
    Charged charge(Connection connection, @Nullable Long token, boolean guarded) throws SQLException {
      changes.clear();
      if (numbers.isEmpty()) {
        return new Charged(0, free, skipped, BigDecimal.ZERO);
      }
      Object[] values = {hour.key(), token, hour, guarded, actor, numbers.toArray(Long[]::new),
          amounts.toArray(BigDecimal[]::new),
          numbers.get(0), numbers.get(numbers.size() - 1)};
      return notices.isWanted() ? chargeAndList(connection, values) : Sql.one(connection, SUM,
          row -> new Charged(row.getLong("n"), free, skipped, row.getBigDecimal("amount")), values);
    }

    private Charged chargeAndList(Connection connection, Object[] values) throws SQLException {
      Map<Long, AccountRef> refs = new HashMap<>();
      accounts.forEach(a -> refs.put(a.ref().number(), a.ref()));
      Charged sum = Charged.NOTHING;
      for (Charged one : Sql.list(connection, ROWS, row -> {
        AccountRef ref = refs.get(row.getLong("number"));
        changes.add(new BalanceChange(ref, BalanceChange.Cause.CHARGE, row.getBigDecimal("balance"), Accounts.state(row)));
        return new Charged(1, 0, 0, row.getBigDecimal("amount").negate());
      }, values)) {
        sum = sum.plus(one);
      }
      return sum.plus(new Charged(0, free, skipped, BigDecimal.ZERO));
    }

    /** After the commit, and only then. */
    void tell() {
      notices.tell(changes);
    }
  }

  /** Reads and rates; no transaction is open while plugins are asked. */
  Batch rate(Ledger ledger, Hour hour, long after, int max, RatingPlan plan) throws Exception {
    List<Metered> accounts = ledger.next(c -> Meters.batch(c, hour, after, max));
    return new Batch(hour, accounts, meters.fees(hour, accounts, plan));
  }
}
