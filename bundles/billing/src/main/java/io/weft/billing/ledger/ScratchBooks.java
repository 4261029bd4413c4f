package io.weft.billing.ledger;

import io.weft.billing.AccountRef;
import io.weft.billing.DepositSource;
import io.weft.billing.Hour;
import io.weft.billing.NewAccount;
import io.weft.billing.RatingPlan;
import io.weft.billing.Reading;
import io.weft.billing.Usage;
import io.weft.billing.Verification;
import io.weft.billing.money.CreditRule;
import io.weft.billing.money.StoragePrice;
import io.weft.store.Bounds;
import io.weft.store.Database;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Books to try things out on: in a schema of their own beside the real ones, dropped when closed. */
public final class ScratchBooks implements AutoCloseable {

  public static final int ACCOUNTS = 50;
  public static final int HOURS = 3;

  private static final Duration MAKE_MAX = Duration.ofSeconds(60);
  private static final Duration LOCK_TTL = Duration.ofMinutes(2);
  private static final Rules RULES = new Rules(Duration.ZERO, 744, true, true, 20, new BigDecimal("0.001"),
      new CreditRule(BigDecimal.ZERO));
  private static final BigDecimal STORED = BigDecimal.valueOf(100L << 30);

  private final Database database;
  private final String schema;
  private final Identities identities = new Identities("for identities that nobody has".getBytes(StandardCharsets.US_ASCII));

  private ScratchBooks(Database database, String schema) {
    this.database = database;
    this.schema = schema;
  }

  /** Books in which {@link #ACCOUNTS} accounts owe {@link #HOURS} hours. */
  public static ScratchBooks make(Database database) throws SQLException {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    ScratchBooks books = new ScratchBooks(database, "weft_drill_" + HexFormat.of().formatHex(random));
    database.transact(Bounds.within(MAKE_MAX), c -> {
      Ledger.execute(c, "CREATE SCHEMA " + books.schema + "; SET LOCAL search_path = " + books.schema);
      for (String sql : Layout.fresh()) {
        Ledger.execute(c, sql);
      }
      return true;
    }).orThrow();
    try {
      books.fill();
    } catch (SQLException e) {
      books.close();
      throw e;
    }
    return books;
  }

  private void fill() throws SQLException {
    Hour since = books().ledger().read(c -> Sql.one(c, "SELECT hour_of(clock_now()) AS hour",
        row -> Sql.hour(row, "hour").orElseThrow())).plus(-HOURS);
    List<NewAccount> accounts = new ArrayList<>();
    List<Reading> readings = new ArrayList<>();
    for (int i = 1; i <= ACCOUNTS; i++) {
      accounts.add(new NewAccount(name(i), Optional.of(since), BigDecimal.valueOf(1_000)));
      readings.add(new Reading(name(i), "storage", since, STORED));
    }
    new Accounts(books().ledger(), identities).open(accounts, readings);
  }

  /** Identity of an account, from 1. */
  public static String name(int account) {
    return "drill-" + account;
  }

  private Books books() {
    return new Books(new Ledger(database, schema), RULES, new Notices(List::of), List::of);
  }

  public Deduction deduction(Retry retry, String actor) {
    return new Deduction(books(), () -> Optional.of(new Plan()), retry, actor);
  }

  public Credits credits(List<DepositSource> sources, Retry retry, String actor) {
    return new Credits(books(), identities, () -> sources, retry, actor);
  }

  public DatabaseLock lock() {
    return new DatabaseLock(new Ledger(database, schema), LOCK_TTL);
  }

  /** As the death of its process would; returns how many there were. */
  public long killHolder() throws SQLException {
    return new Ledger(database, schema).write(c -> DatabaseLock.kill(c, schema));
  }

  public Verification verify() throws SQLException {
    return new Audit(new Ledger(database, schema)).verify();
  }

  /** {@code charges/doubles/deposits/sum of deposits}, from the entries alone. */
  public String count() throws SQLException {
    return new Ledger(database, schema).read(c -> Sql.one(c, """
        SELECT count(*) FILTER (WHERE type = 'charge') AS charges,
          count(*) FILTER (WHERE type = 'charge') - count(DISTINCT (account, period)) FILTER (WHERE type = 'charge') AS doubles,
          count(*) FILTER (WHERE type = 'deposit') AS deposits FROM entries""",
        row -> row.getLong("charges") + " charges, " + row.getLong("doubles") + " double, " + row.getLong("deposits")
        + " deposits"));
  }

  /** Tries to charge an hour a second time past all our code; what the database said, or empty if it let that happen. */
  public String chargeTwice() throws SQLException {
    try {
      new Ledger(database, schema).write(c ->
          Sql.update(c, "INSERT INTO entries (account, type, amount, reference, period, actor) "
          + "SELECT account, type, amount, reference, period, 'drill' FROM entries WHERE type = 'charge' LIMIT 1"));
      return "";
    } catch (SQLException e) {
      return SqlFailures.inWords(e);
    }
  }

  @Override
  public void close() throws SQLException {
    database.transact(Bounds.within(MAKE_MAX), c -> {
      Ledger.execute(c, "DROP SCHEMA " + schema + " CASCADE");
      return true;
    }).orThrow();
  }

  private static final class Plan implements RatingPlan {

    @Override
    public String name() {
      return "drill";
    }

    @Override
    public BigDecimal rate(AccountRef account, Usage usage) {
      return StoragePrice.DEFAULT.of(usage.of("storage"));
    }
  }
}
