package io.weft.billing;

import io.weft.billing.ledger.Accounts;
import io.weft.billing.ledger.Audit;
import io.weft.billing.ledger.Books;
import io.weft.billing.ledger.Credits;
import io.weft.billing.ledger.Deduction;
import io.weft.billing.ledger.Identities;
import io.weft.billing.ledger.Layout;
import io.weft.billing.ledger.Ledger;
import io.weft.billing.ledger.Notices;
import io.weft.billing.ledger.Retry;
import io.weft.billing.ledger.Rules;
import io.weft.billing.ledger.Suspension;
import io.weft.billing.money.StoragePrice;
import io.weft.store.Database;
import io.weft.store.Migration;
import io.weft.testkit.PostgresServer;
import io.weft.testkit.RealTime;
import io.weft.testkit.job.FakeJobRun;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Books in a schema of their own whose clock the test sets, and everything that works on them. */
public final class Rig implements AutoCloseable {

  public static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  public static final Instant NOON = Instant.parse("2026-03-01T12:30:00Z");

  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final PostgresServer server;
  private final String schema = "books_" + NUMBERS.incrementAndGet();
  private final DirectDatabase database;
  private final AtomicLong leases = new AtomicLong();
  public final List<BalanceChange> heard = new CopyOnWriteArrayList<>();
  public final List<MeterSource> meters = new CopyOnWriteArrayList<>();
  public final List<BalanceListener> listeners = new CopyOnWriteArrayList<>();
  public final List<DepositSource> sources = new CopyOnWriteArrayList<>();
  public final RealTime time = new RealTime();
  public Rules rules = Rules.DEFAULT;
  public RatingPlan plan = storage();

  public Rig(PostgresServer server) throws SQLException {
    this.server = server;
    this.database = new DirectDatabase(server.port());
    execute("CREATE SCHEMA " + schema);
    execute("CREATE TABLE now (at timestamptz)");
    execute("INSERT INTO now VALUES ('" + NOON + "')");
    for (Migration migration : new Layout().migrations()) {
      execute(migration.up().replace("SELECT clock_timestamp()", "SELECT at FROM now"));
    }
  }

  public PostgresServer server() {
    return server;
  }

  public Database database() {
    return database;
  }

  public String schema() {
    return schema;
  }

  /** Sets the clock of the database. */
  public void now(Instant at) throws SQLException {
    execute("UPDATE now SET at = '" + at + "'");
  }

  public void pass(Duration time) throws SQLException {
    execute("UPDATE now SET at = at + interval '" + time.toSeconds() + " seconds'");
  }

  public Books books() {
    return books(database);
  }

  public Books books(Database through) {
    return new Books(new Ledger(through, schema), rules, new Notices(() -> List.copyOf(listeners)), () -> List.copyOf(meters));
  }

  public Accounts accounts() {
    return new Accounts(books().ledger(), identities());
  }

  public static Identities identities() {
    return new Identities(KEY);
  }

  public static Retry retry() {
    return new Retry(pause -> LockSupport.parkNanos(Math.min(pause.toNanos(), 20_000_000)));
  }

  public Supplier<Optional<RatingPlan>> plans() {
    return () -> Optional.ofNullable(plan);
  }

  public Deduction deduction(String actor) {
    return deduction(database, actor);
  }

  public Deduction deduction(Database through, String actor) {
    return new Deduction(books(through), plans(), retry(), actor);
  }

  public Suspension suspension() {
    return new Suspension(books(), plans(), retry(), "n");
  }

  public Credits credits(Database through, String actor) {
    return new Credits(books(through), identities(), () -> List.copyOf(sources), retry(), actor);
  }

  public Audit audit() {
    return new Audit(books().ledger());
  }

  /** Of a lease that is newer than all before. */
  public FakeJobRun run() {
    return run(leases.incrementAndGet());
  }

  public FakeJobRun run(long lease) {
    return new FakeJobRun("hourly-deduction", NOON, lease, time, Duration.ofMinutes(10));
  }

  /** Opens accounts 1 to n, each of which stores so many bytes from the first hour on. */
  public void accounts(int count, long bytes, Hour since) throws SQLException {
    List<NewAccount> fresh = new ArrayList<>();
    List<Reading> readings = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      fresh.add(new NewAccount("user" + i + "@example.org", Optional.of(since), BigDecimal.valueOf(1_000_000)));
      readings.add(new Reading("user" + i + "@example.org", "storage", since, BigDecimal.valueOf(bytes)));
      if (i % 10_000 == 0 || i == count) {
        accounts().open(fresh, readings);
        fresh.clear();
        readings.clear();
      }
    }
  }

  /** The plan that ships, with its defaults. */
  public static RatingPlan storage() {
    return new RatingPlan() {
      @Override
      public String name() {
        return "storage";
      }

      @Override
      public BigDecimal rate(AccountRef account, Usage usage) {
        return StoragePrice.DEFAULT.of(usage.of("storage"));
      }
    };
  }

  public void execute(String sql) throws SQLException {
    try (Connection connection = DirectDatabase.source(server.port()).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
      statement.execute(sql);
    }
  }

  /** The first column of the first row, as text. */
  public String query(String sql) throws SQLException {
    try (Connection connection = DirectDatabase.source(server.port()).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + schema);
      try (ResultSet rows = statement.executeQuery(sql)) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      }
    }
  }

  public Instant databaseTime() throws SQLException {
    return OffsetDateTime.parse(query("SELECT to_char(clock_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"))
        .toInstant();
  }

  /**
   * Without any code of ours: every account is charged for every hour from its first to the last one exactly once, the right
   * amount, and balances are sums.
   */
  public void assertExactlyOnce(Hour last, String fee) throws SQLException {
    execute("ANALYZE accounts, entries"); // else a million entries are looked through once for each account
    String wrong = query("""
        SELECT string_agg(x, '; ') FROM (
          SELECT 'missed: ' || count(*) AS x FROM accounts a
            CROSS JOIN LATERAL generate_series(a.since, '%1$s', interval '1 hour') h
            LEFT JOIN entries e ON e.account = a.number AND e.type = 'charge' AND e.period = h
            WHERE e.id IS NULL HAVING count(*) > 0
          UNION ALL SELECT 'double: ' || count(*) FROM (
            SELECT 1 FROM entries WHERE type = 'charge' GROUP BY account, period HAVING count(*) > 1) d HAVING count(*) > 0
          UNION ALL SELECT 'too many: ' || count(*) FROM entries WHERE type = 'charge' AND period > '%1$s' HAVING count(*) > 0
          UNION ALL SELECT 'wrong amount: ' || count(*) FROM entries WHERE type = 'charge' AND amount <> -%2$s HAVING count(*) > 0
          UNION ALL SELECT 'wrong balance: ' || count(*) FROM accounts a
            LEFT JOIN (SELECT account, sum(amount) AS amount FROM entries GROUP BY account) s ON s.account = a.number
            WHERE a.balance <> coalesce(s.amount, 0) HAVING count(*) > 0
        ) all_wrong""".formatted(last.start(), fee));
    if (!wrong.equals("null")) {
      throw new AssertionError(wrong);
    }
  }

  /** Those that are kept, after a server was restarted. */
  public void forgetConnections() {
    database.close();
  }

  @Override
  public void close() {
    try {
      execute("DROP SCHEMA " + schema + " CASCADE");
    } catch (SQLException e) {
      throw new AssertionError(e);
    } finally {
      database.close();
      time.close();
    }
  }
}
