package io.weft.billing.ledger;

import io.weft.billing.BalanceChange;
import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.billing.money.Money;
import io.weft.coordination.JobRun;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Credits deposits: record, entry, balance, claim and the cursor of the source in one transaction, so there is no in-between. */
public final class Credits {

  static final String SCOPE = "deposit";

  /** What became of deposits. */
  public record Credited(long credited, long unmatched, long dust, BigDecimal amount) {

    static final Credited NOTHING = new Credited(0, 0, 0, BigDecimal.ZERO);

    Credited plus(Credited other) {
      return new Credited(
          credited + other.credited, unmatched + other.unmatched, dust + other.dust, amount.add(other.amount));
    }
  }

  private static final Logger log = LoggerFactory.getLogger(Credits.class);
  private static final int BATCH = 1_000;

  private static final String RECORD = """
      INSERT INTO deposits (source, id, payer, amount, at, state)
      SELECT ?, t.id, t.payer, t.amount, t.at, CASE WHEN t.amount < ? THEN 'dust' ELSE 'unmatched' END
      FROM unnest(?, ?, ?, ?) AS t (id, payer, amount, at) ORDER BY t.id
      ON CONFLICT DO NOTHING RETURNING state""";

  /**
   * Of what waits, what belongs to an account now: first the entries, and only what came through them moves money and is claimed.
   */
  private static final String CREDIT = """
      WITH matched AS (
        SELECT d.source, d.id, d.amount, i.account FROM deposits d JOIN identities i ON i.identity = d.payer
        WHERE d.state = 'unmatched' AND d.source = ? ORDER BY d.id LIMIT ? FOR UPDATE OF d SKIP LOCKED
      ), gate AS (
        INSERT INTO entries (account, type, amount, reference, token, actor)
        SELECT account, 'deposit', amount, source || ':' || id, ?::bigint, ? FROM matched
        ON CONFLICT (reference) WHERE type = 'deposit' DO NOTHING
        RETURNING account, amount, reference
      ), claimed AS (
        UPDATE deposits d SET state = 'credited', account = m.account, claimed_at = clock_now() FROM matched m
        WHERE d.source = m.source AND d.id = m.id
      ), sums AS (
        SELECT account, sum(amount) AS amount, count(*) AS n FROM gate GROUP BY account
      )
      UPDATE accounts a SET balance = a.balance + s.amount FROM sums s WHERE a.number = s.account
      RETURNING a.number, a.identity, a.balance, a.state, s.amount, s.n""";

  private final Ledger ledger;
  private final Rules rules;
  private final Notices notices;
  private final Identities identities;
  private final Supplier<List<DepositSource>> sources;
  private final Retry retry;
  private final String actor;

  public Credits(
      Books books, Identities identities, Supplier<List<DepositSource>> sources, Retry retry, String actor) {
    this.ledger = books.ledger();
    this.rules = books.rules();
    this.notices = books.notices();
    this.identities = identities;
    this.sources = sources;
    this.retry = retry;
    this.actor = actor;
  }

  /**
   * Asks every source. One that fails does not keep the others from being asked; the run fails at the end.
   *
   * @param lease what gave the lease of this run
   */
  public Credited run(JobRun run, String lease) throws Exception {
    Long[] token = {null};
    retry.untilDone(run, () -> {
      token[0] = rules.fencing() ? ledger.write(c -> Fences.claim(c, SCOPE, lease, run.token(), actor)) : null;
      return false;
    });
    Credited sum = Credited.NOTHING;
    Exception failure = null;
    for (DepositSource source : sources.get()) {
      try {
        Credited some = drain(run, source, token[0]);
        sum = sum.plus(some);
        log.info("deposits source={} credited={} unmatched={} dust={} amount={}", source.name(), some.credited(),
            some.unmatched(),
            some.dust(), Money.text(some.amount()));
      } catch (InterruptedException | CancellationException e) {
        throw e;
      } catch (Exception e) {
        failure = new IllegalStateException("deposit source " + source.name() + ": " + SqlFailures.inWords(e), e);
        log.warn("deposit source failed source={} problem=\"{}\"", source.name(), SqlFailures.inWords(e));
      }
    }
    if (failure != null) {
      throw failure;
    }
    return sum;
  }

  private Credited drain(JobRun run, DepositSource source, @Nullable Long token) throws Exception {
    Credited[] sum = {Credited.NOTHING};
    retry.untilDone(run, () -> {
      String cursor = ledger.read(c -> cursor(c, source.name()));
      DepositBatch batch = source.read(cursor, BATCH);
      List<BalanceChange> changes = new ArrayList<>();
      Credited some = ledger.write(c -> {
        changes.clear();
        return take(c, source.name(), cursor, batch, token, changes);
      });
      notices.tell(changes);
      sum[0] = sum[0].plus(some);
      run.progress(source.name() + ": " + sum[0].credited() + " credited", Double.NaN);
      return batch.more();
    });
    return sum[0];
  }

  private static String cursor(Connection connection, String source) throws SQLException {
    return Sql.first(connection, "SELECT cursor FROM sources WHERE name = ?", row -> row.getString(1), source).orElse("");
  }

  private Credited take(
      Connection connection, String source, String from, DepositBatch batch, @Nullable Long token, List<BalanceChange> changes)
      throws SQLException {
    if (token != null) {
      Sql.one(connection, "SELECT fence_check(?, ?)", row -> true, SCOPE, token);
    }
    List<String> states = record(connection, source, batch.deposits());
    long dust = states.stream().filter("dust"::equals).count();
    long[] credited = {0};
    BigDecimal[] amount = {BigDecimal.ZERO};
    while (credit(connection, source, token, changes, credited, amount) > 0) {
      // Also what waited since earlier, for an account that was opened or a wallet that was linked since.
    }
    Sql.update(connection, "INSERT INTO sources VALUES (?, ?, clock_now()) ON CONFLICT (name) DO UPDATE "
        + "SET cursor = excluded.cursor, read_at = excluded.read_at WHERE sources.cursor = ?", source, batch.cursor(), from);
    return new Credited(credited[0], Math.max(0, states.size() - dust - credited[0]), dust, amount[0]);
  }

  private List<String> record(Connection connection, String source, List<Deposit> deposits) throws SQLException {
    Map<String, Deposit> byId = new LinkedHashMap<>();
    deposits.forEach(d -> byId.putIfAbsent(d.id(), d));
    return byId.isEmpty() ? List.of() : Sql.list(connection, RECORD, row -> row.getString(1), source, rules.dust(),
        byId.keySet().toArray(String[]::new),
        byId.values().stream().map(d -> identities.hash(d.payer())).toArray(byte[][]::new),
        byId.values().stream().map(d -> Money.exact(d.amount())).toArray(BigDecimal[]::new),
        byId.values().stream().map(d -> Sql.time(d.at())).toArray(OffsetDateTime[]::new));
  }

  private long credit(Connection connection, String source, @Nullable Long token, List<BalanceChange> changes, long[] credited,
      BigDecimal[] amount) throws SQLException {
    List<Long> counts = Sql.list(connection, CREDIT, row -> {
      changes.add(new BalanceChange(Accounts.ref(row), BalanceChange.Cause.DEPOSIT, row.getBigDecimal("balance"),
          Accounts.state(row)));
      amount[0] = amount[0].add(row.getBigDecimal("amount"));
      return row.getLong("n");
    }, source, BATCH, token, actor);
    long n = counts.stream().mapToLong(Long::longValue).sum();
    credited[0] += n;
    return n;
  }
}
