package io.weft.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.BalanceChange;
import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.billing.FaultyDatabase;
import io.weft.billing.NewAccount;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithPostgres.class)
class CreditsTest {

  @Test
  void aDepositIsRecordedCreditedAndClaimedOnceHoweverOftenItIsGiven(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("a@example.org")), List.of());
    rig.listeners.add(rig.heard::addAll);
    rig.sources.add(new Replaying("bank", List.of(deposit("1", "a@example.org", "5"), deposit("1", "a@example.org", "5"),
        deposit("2", "A@Example.org ", "0.5"))));
    assertThat(run(rig)).isEqualTo(new Credits.Credited(2, 0, 0, new BigDecimal("5.500000000000000000")));
    assertThat(run(rig)).extracting(Credits.Credited::credited).isEqualTo(0L);
    assertThat(rig.query("SELECT balance FROM accounts")).isEqualTo("5.500000000000000000");
    assertThat(rig.query("SELECT string_agg(reference, ' ' ORDER BY id) FROM entries")).isEqualTo("bank:1 bank:2");
    assertThat(rig.query("SELECT count(*) FROM deposits WHERE state = 'credited' AND claimed_at IS NOT NULL")).isEqualTo("2");
    assertThat(rig.heard).extracting(BalanceChange::cause).containsExactly(BalanceChange.Cause.DEPOSIT);
    assertGood(rig);
  }

  @Test
  void dustIsNotedAndAnUnknownPayerWaitsForAnAccount(Rig rig) throws Exception {
    rig.sources.add(new Replaying("chain", List.of(deposit("1:0xa", "0xAAAA", "7"), deposit("1:0xb", "0xAAAA", "0.0009"),
        deposit("1:0xc", "0xBBBB", "0.001"))));
    assertThat(run(rig)).isEqualTo(new Credits.Credited(0, 2, 1, BigDecimal.ZERO));
    rig.accounts().open(List.of(NewAccount.of("a@example.org"), NewAccount.of("0xbbbb")), List.of());
    assertThat(rig.accounts().link(1, "0xaaaa")).isTrue();
    assertThat(rig.accounts().link(2, "0xaaaa")).as("another one has it").isFalse();
    assertThat(run(rig).credited()).isEqualTo(2);
    assertThat(rig.query("SELECT string_agg(balance::text, ' ' ORDER BY number) FROM accounts"))
        .isEqualTo("7.000000000000000000 0.001000000000000000");
    assertGood(rig);
  }

  @Test
  void nothingOfThePayerIsInTheDatabase(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("jane.doe@example.org")), List.of());
    rig.sources.add(new Replaying("bank", List.of(deposit("1", "jane.doe@example.org", "5"),
        deposit("2", "jane.roe@example.org", "5"))));
    run(rig);
    for (String table : rig.query("SELECT string_agg(tablename, ' ') FROM pg_tables WHERE schemaname = '" + rig.schema() + "'")
        .split(" ")) {
      assertThat(rig.query("SELECT string_agg(t::text, ' ') FROM " + table + " t")).doesNotContain("jane")
          .doesNotContain("6a616e65");
    }
  }

  @Test
  void contendersThatLoseAnswersCreditEachOnce(Rig rig) throws Exception {
    List<Deposit> all = new ArrayList<>();
    List<NewAccount> accounts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      accounts.add(NewAccount.of("user" + i));
      for (int n = 0; n < 5; n++) {
        all.add(deposit(i + ":" + n, "user" + i, "1." + n));
      }
    }
    rig.accounts().open(accounts, List.of());
    rig.sources.add(new Replaying("bank", all));
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Callable<Void>> contenders = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      FaultyDatabase database = new FaultyDatabase(rig.database(), i, 25);
      contenders.add(() -> {
        for (int n = 0; n < 5; n++) {
          rig.credits(database, "node").run(rig.run(1), "dcs");
        }
        return null;
      });
    }
    for (var one : pool.invokeAll(contenders)) {
      one.get();
    }
    pool.shutdown();
    assertThat(rig.query("SELECT count(*) || ' ' || sum(amount) FROM entries")).isEqualTo("200 240.000000000000000000");
    assertThat(rig.query("SELECT count(*) FROM accounts WHERE balance <> 6")).isEqualTo("0");
    assertGood(rig);
  }

  @Test
  void aSourceThatFailsDoesNotKeepOthersFromBeingAsked(Rig rig) throws Exception {
    rig.accounts().open(List.of(NewAccount.of("a")), List.of());
    rig.sources.add(new DepositSource() {
      @Override
      public String name() {
        return "broken";
      }

      @Override
      public DepositBatch read(String cursor, int max) {
        throw new IllegalStateException("does not answer");
      }
    });
    rig.sources.add(new Replaying("bank", List.of(deposit("1", "a", "5"))));
    assertThatThrownBy(() -> run(rig)).hasMessageContaining("deposit source broken: does not answer");
    assertThat(rig.query("SELECT count(*) FROM entries")).isEqualTo("1");
  }

  private static Credits.Credited run(Rig rig) throws Exception {
    return rig.credits(rig.database(), "n").run(rig.run(), "dcs");
  }

  private static Deposit deposit(String id, String payer, String amount) {
    return new Deposit(id, payer, new BigDecimal(amount), Rig.NOON);
  }

  private static void assertGood(Rig rig) throws SQLException {
    assertThat(rig.audit().verify().findings()).allMatch(f -> f.good());
  }

  /** Gives everything each time, whatever was taken. */
  private record Replaying(String name, List<Deposit> deposits) implements DepositSource {

    @Override
    public DepositBatch read(String cursor, int max) {
      return new DepositBatch(deposits, "seen", false);
    }
  }
}
