package io.weft.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.BalanceChange;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import io.weft.billing.NewAccount;
import io.weft.billing.Rig;
import io.weft.billing.Verification;
import io.weft.billing.WithPostgres;
import io.weft.billing.money.CreditRule;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class DeductionTest {

  private static final Hour NOW = Hour.of(Rig.NOON);
  private static final long TEN_GB = 524_288_000L + (10L << 30);
  private static final String FEE = "0.041666666666666667";

  @Test
  void anHourIsChargedWhenItIsOverAndThenNotAgain(Rig rig) throws Exception {
    rig.accounts(3, TEN_GB, NOW);
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).as("the hour is not over").isZero();
    rig.now(Instant.parse("2026-03-01T13:04:59Z"));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).as("readings may still come").isZero();
    rig.now(Instant.parse("2026-03-01T13:05:00Z"));
    Charged charged = rig.deduction("a").run(rig.run(), "dcs");
    assertThat(charged.charged()).isEqualTo(3);
    assertThat(charged.amount()).isEqualByComparingTo("0.125000000000000001");
    assertThat(rig.deduction("b").run(rig.run(), "dcs").charged()).isZero();
    rig.assertExactlyOnce(NOW, FEE);
    assertThat(rig.query("SELECT reference || ' ' || actor || ' ' || token FROM entries LIMIT 1"))
        .isEqualTo("hour:2026-03-01T12 a 3");
    assertGood(rig);
  }

  @Test
  void missedHoursAreCaughtUpEachOnce(Rig rig) throws Exception {
    rig.accounts(7, TEN_GB, NOW);
    rig.pass(Duration.ofHours(30));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).isEqualTo(7 * 30);
    rig.assertExactlyOnce(NOW.plus(29), FEE);
    assertGood(rig);
  }

  @Test
  void accountsBeginBeforeTheBooksDidAsLongAsNothingWasCharged(Rig rig) throws Exception {
    rig.accounts(2, TEN_GB, NOW.plus(-24));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).isEqualTo(48);
    rig.accounts().open(List.of(new NewAccount("late@example.org", Optional.of(NOW.plus(-24)), BigDecimal.ZERO)), List.of());
    assertThat(rig.accounts().find("late@example.org").orElseThrow().since()).isEqualTo(NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("a").run(rig.run(), "dcs");
    assertGood(rig);
  }

  @Test
  void dayAndSummerTimeBoundariesAreHoursLikeAllOthers(Rig rig) throws Exception {
    rig.execute("SET TIME ZONE 'Europe/Berlin'");
    rig.now(Instant.parse("2026-03-28T22:10:00Z"));
    rig.execute("UPDATE books SET billed_from = hour_of(clock_now())");
    rig.accounts(2, TEN_GB, Hour.parse("2026-03-28T22"));
    rig.now(Instant.parse("2026-03-29T03:10:00Z"));
    rig.deduction("a").run(rig.run(), "dcs");
    assertThat(rig.query("SELECT string_agg(DISTINCT reference, ' ' ORDER BY reference) FROM entries")).isEqualTo(
        "hour:2026-03-28T22 hour:2026-03-28T23 hour:2026-03-29T00 hour:2026-03-29T01 hour:2026-03-29T02");
    rig.assertExactlyOnce(Hour.parse("2026-03-29T02"), FEE);
  }

  @Test
  void aClockThatRanAwayChargesNobody(Rig rig) throws Exception {
    rig.accounts(1, TEN_GB, NOW);
    rig.pass(Duration.ofDays(60));
    assertThatThrownBy(() -> rig.deduction("a").run(rig.run(), "dcs")).isInstanceOf(SQLException.class)
        .hasMessageContaining("1440 hours are owed").hasMessageContaining("billing.catch.up.max.hours");
    assertThat(rig.query("SELECT count(*) FROM entries")).isEqualTo("0");
  }

  @Test
  void whoLostTheLeaseIsRefusedByTheDatabase(Rig rig) throws Exception {
    rig.accounts(1, TEN_GB, NOW);
    rig.pass(Duration.ofHours(2));
    rig.deduction("new").run(rig.run(20), "dcs");
    rig.pass(Duration.ofHours(1));
    assertThatThrownBy(() -> rig.deduction("old").run(rig.run(19), "dcs")).satisfies(e ->
        assertThat(SqlFailures.isStale((SQLException) e)).isTrue());
    assertThatThrownBy(() -> rig.execute("INSERT INTO entries (account, type, amount, reference, token, period, actor) "
        + "VALUES (1, 'charge', -1, 'x', 99, hour_of(clock_now()), 'thief')")).hasMessageContaining("stale fencing token");
    rig.deduction("new").run(rig.run(20), "dcs");
    rig.assertExactlyOnce(NOW.plus(2), FEE);
  }

  @Test
  void whatIsInTheLedgerStays(Rig rig) throws Exception {
    rig.accounts(1, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("a").run(rig.run(), "dcs");
    for (String sql : List.of("UPDATE entries SET amount = -1", "DELETE FROM entries", "TRUNCATE entries")) {
      assertThatThrownBy(() -> rig.execute(sql)).hasMessageContaining("never changed or deleted");
    }
    assertThatThrownBy(() -> rig.execute("INSERT INTO entries (account, type, amount, reference, period, actor) "
        + "SELECT account, type, amount, reference, period, 'again' FROM entries")).hasMessageContaining("entries_charge_once");
  }

  @Test
  void freeUseIsNoEntryAndSuspendedAccountsAreLeftOut(Rig rig) throws Exception {
    rig.accounts(2, 524_288_000L, NOW);
    rig.accounts().open(List.of(NewAccount.of("poor@example.org")), List.of());
    rig.execute("UPDATE accounts SET state = 'suspended' WHERE number = 3");
    rig.pass(Duration.ofHours(1));
    Charged charged = rig.deduction("a").run(rig.run(), "dcs");
    assertThat(charged).isEqualTo(new Charged(0, 2, 1, charged.amount()));
    assertThat(rig.query("SELECT count(*) FROM entries")).isEqualTo("0");
    assertGood(rig);
  }

  @Test
  void suspendedOnceItOwesTooMuchAndLiftedWhenPaidOrFree(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, true, true, 1_000, BigDecimal.ZERO, new CreditRule(BigDecimal.ONE));
    rig.accounts(1, TEN_GB, NOW);
    rig.execute("UPDATE accounts SET credit_limit = 0.1");
    rig.pass(Duration.ofHours(10));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).as("three hours are more than 0.1").isEqualTo(3);
    assertThat(state(rig)).isEqualTo("suspended");
    rig.execute("UPDATE accounts SET balance = 0.9");
    assertThat(rig.suspension().run(rig.run())).as("not above the margin").isZero();
    rig.execute("UPDATE accounts SET balance = 1.1");
    assertThat(rig.suspension().run(rig.run())).isOne();
    assertThat(state(rig)).isEqualTo("active");
    rig.execute("UPDATE accounts SET balance = -5");
    rig.suspension().run(rig.run());
    assertThat(state(rig)).isEqualTo("suspended");
    rig.execute("UPDATE readings SET quantity = 0");
    assertThat(rig.suspension().run(rig.run())).as("it uses nothing now").isOne();
    assertThat(rig.suspension().run(rig.run())).as("and stays so").isZero();
    assertThat(state(rig)).isEqualTo("active");
    rig.execute("UPDATE accounts SET balance = -5.1");
    assertThat(rig.suspension().run(rig.run())).as("it went on").isEqualTo(2); // suspended, and lifted since it is free
    assertThat(rig.query("SELECT string_agg(state, ' ' ORDER BY id) FROM state_changes"))
        .isEqualTo("suspended active suspended active suspended active");
  }

  @Test
  void aMeterThatFailsStopsTheHourAndTheNextRunGoesOn(Rig rig) throws Exception {
    rig.accounts(2, 0, NOW);
    boolean[] broken = {true};
    rig.meters.add(new MeterSource() {
      @Override
      public String meter() {
        return "storage";
      }

      @Override
      public Map<Long, BigDecimal> read(Hour hour, List<AccountRef> accounts) {
        if (broken[0]) {
          throw new IllegalStateException("the meter does not answer");
        }
        return Map.of(2L, BigDecimal.valueOf(TEN_GB));
      }
    });
    rig.pass(Duration.ofHours(1));
    assertThatThrownBy(() -> rig.deduction("a").run(rig.run(), "dcs")).hasMessageContaining("the meter does not answer");
    broken[0] = false;
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).isOne();
    assertThat(rig.query("SELECT account FROM entries")).isEqualTo("2");
    assertGood(rig);
  }

  @Test
  void listenersHearOfBalancesAfterTheCommit(Rig rig) throws Exception {
    rig.listeners.add(rig.heard::addAll);
    rig.listeners.add(changes -> {
      throw new IllegalStateException("a broken one");
    });
    rig.accounts(2, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    assertThat(rig.deduction("a").run(rig.run(), "dcs").charged()).isEqualTo(2);
    assertThat(rig.heard).hasSize(2).allSatisfy(c -> {
      assertThat(c.cause()).isEqualTo(BalanceChange.Cause.CHARGE);
      assertThat(c.balance()).isEqualByComparingTo("-" + FEE);
    });
  }

  @Test
  void withTheSafetyOffItIsAsItWasBeforeItExisted(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, false, false, 1_000, BigDecimal.ZERO, new CreditRule(BigDecimal.ZERO));
    rig.accounts(2, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("a").run(rig.run(), "dcs");
    rig.deduction("b").run(rig.run(), "dcs");
    assertThatThrownBy(() -> rig.assertExactlyOnce(NOW, FEE)).hasMessageContaining("double: 2");
    assertThat(rig.query("SELECT count(*) FROM entries WHERE token IS NULL AND NOT guarded")).isEqualTo("4");
  }

  /** Who lost the lease is let in, as before there were fences; the gate still keeps everything single. */
  @Test
  void withTheFenceOffTheLeaseIsNotLookedAtAndNobodyPaysTwice(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, true, false, 1_000, BigDecimal.ZERO, new CreditRule(BigDecimal.ZERO));
    rig.accounts(2, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("new").run(rig.run(20), "dcs");
    rig.pass(Duration.ofHours(1));
    rig.deduction("old").run(rig.run(19), "dcs");
    rig.deduction("new").run(rig.run(20), "dcs");
    assertThat(rig.query("SELECT count(*) FROM entries WHERE token IS NULL AND guarded")).isEqualTo("4");
    assertThat(rig.query("SELECT count(*) FROM fences")).isEqualTo("0");
    rig.assertExactlyOnce(NOW.plus(1), FEE);
    assertGood(rig);
  }

  /** The hour is charged as often as it is asked for, as before there was a key; who lost the lease is refused. */
  @Test
  void withTheKeyOffTheFenceStillHolds(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, false, true, 1_000, BigDecimal.ZERO, new CreditRule(BigDecimal.ZERO));
    rig.accounts(2, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("new").run(rig.run(20), "dcs");
    rig.deduction("new").run(rig.run(20), "dcs");
    assertThatThrownBy(() -> rig.deduction("old").run(rig.run(19), "dcs")).satisfies(e ->
        assertThat(SqlFailures.isStale((SQLException) e)).isTrue());
    assertThat(rig.query("SELECT count(*) || ' ' || count(DISTINCT token) FROM entries WHERE NOT guarded")).isEqualTo("4 1");
    assertThat(rig.query("SELECT count(*) FROM periods")).as("no hour is begun by that").isEqualTo("0");
    assertGood(rig);
  }

  /** On again, the books go on with the hours that were never charged under a key. */
  @Test
  void switchedOnAgainWhatWasNotGuardedIsNotTouched(Rig rig) throws Exception {
    Rules on = rig.rules;
    rig.rules = new Rules(Duration.ZERO, 744, false, false, 1_000, BigDecimal.ZERO, new CreditRule(BigDecimal.ZERO));
    rig.accounts(1, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("a").run(rig.run(), "dcs");
    rig.rules = on;
    rig.deduction("a").run(rig.run(), "dcs");
    rig.deduction("a").run(rig.run(), "dcs");
    assertThat(rig.query("SELECT string_agg(guarded::text, ' ' ORDER BY id) FROM entries")).isEqualTo("false true");
    assertThat(new Journal(rig.books()).list(1, Long.MAX_VALUE, 10)).hasSize(2);
    assertGood(rig);
  }

  @Test
  void theBooksSayWhatIsWrongWithThem(Rig rig) throws Exception {
    rig.accounts(2, TEN_GB, NOW);
    rig.pass(Duration.ofHours(1));
    rig.deduction("a").run(rig.run(), "dcs");
    rig.execute("UPDATE accounts SET balance = balance + 1 WHERE number = 2");
    rig.execute("DROP INDEX entries_deposit_once");
    Verification found = rig.audit().verify();
    assertThat(found.good()).isFalse();
    assertThat(found.findings()).filteredOn(f -> !f.good()).extracting(f -> f.check() + ": " + f.detail()).containsExactly(
        "sum equals balance: first at account 2", "guards in place: missing or switched off: entries_deposit_once");
  }

  private static String state(Rig rig) throws SQLException {
    return rig.query("SELECT state FROM accounts WHERE number = 1");
  }

  /**
   * As after an import of many, and for all who share a plan: the server knows neither how many there are nor how few are wanted.
   */
  @Test
  void theNextAccountsAreReadInOrderAlsoBeforeTheServerHasCountedThem(Rig rig) throws Exception {
    rig.execute("ALTER TABLE accounts SET (autovacuum_enabled = false)");
    rig.execute("INSERT INTO accounts (identity, since) SELECT sha256(n::text::bytea), hour_of(clock_now()) "
        + "FROM generate_series(1, 20000) n");
    assertThat(rig.books().ledger().next(DeductionTest::planOfABatch)).contains("Index Scan using accounts_pkey")
        .doesNotContain("JIT", "Sort", "Gather");
  }

  private static String planOfABatch(Connection connection) throws SQLException {
    String sql = Meters.BATCH;
    for (int i = 1; sql.contains("?"); i++) {
      sql = sql.replaceFirst("[?]", Matcher.quoteReplacement("$" + i));
    }
    Ledger.execute(connection, "SET LOCAL plan_cache_mode = force_generic_plan");
    Ledger.execute(connection, "PREPARE batch (bigint, timestamptz, boolean, int, timestamptz) AS " + sql);
    String plan = String.join("\n",
        Sql.list(connection, "EXPLAIN EXECUTE batch (0, now(), true, 1000, now())", row -> row.getString(1)));
    Ledger.execute(connection, "DEALLOCATE batch");
    return plan;
  }

  private static void assertGood(Rig rig) throws SQLException {
    assertThat(rig.audit().verify().findings()).allMatch(f -> f.good());
  }
}
