package io.weft.shell.noun;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.shell.Rig;
import io.weft.shell.Sample;
import io.weft.shell.SampleBilling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the books. */
class BillingCommandsTest {

  private final Sample sample = new Sample();
  private final Rig rig = sample.rig;
  private final SampleBilling billing = sample.billing;

  @Test
  void whatIsInTheBooksIsShown() {
    assertThat(rig.run("billing status").out()).contains("1, 0 suspended", "hour:2026-01-01T00", "a lease of the DCS", "on");
    assertThat(rig.run("billing accounts").out()).contains("17", "4.958333333333333333");
    assertThat(rig.run("billing accounts", "--state", "suspended").out()).isEqualTo("no accounts\n");
    assertThat(rig.run("billing balance", "17").out()).contains("4.958333333333333333");
    assertThat(rig.run("billing balance", "jane@example.org").out()).contains("17");
    assertThat(rig.run("billing ledger", "17").out()).contains("charge", "-0.041666666666666667", "bank:1");
    assertThat(rig.run("billing ledger", "17", "--csv").out()).contains("2,17,charge,-0.041666666666666667,hour:2026-01-01T00,a,");
    assertThat(rig.run("billing statement", "17", "--month", "2026-01").out()).contains("balance before", "deposits", "5");
  }

  @Test
  void theBooksAreRightInOneLineOrNot() {
    assertThat(rig.run("billing verify").out()).isEqualTo(
        "verified: 1 accounts, 2 entries, balances 4.958333333333333333 in all; 2 of 2 checks good\n");
    billing.wrong = 3;
    Rig.Result wrong = rig.run("billing verify");
    assertThat(wrong.exit()).isEqualTo(1);
    assertThat(wrong.out()).contains("sum equals balance: 3 cases, first at account 17", "WRONG");
    assertThat(rig.run("drill run", "d1").exit()).isEqualTo(1);
  }

  @Test
  void moneyMovesOnlyWithYesAndAReference() {
    assertThat(rig.run("billing adjust", "17", "2.50").failure()).contains("needs --reference");
    assertThat(rig.run("billing adjust", "17", "2.50", "--reference", "x").out()).contains("would change", "add --yes");
    assertThat(billing.done).isEmpty();
    assertThat(rig.run("billing adjust", "17", "2.50", "--reference", "x", "--debit", "--yes").out()).contains("changed by -2.5");
    assertThat(rig.run("billing adjust", "17", "2.50", "--reference", "used", "--yes").out()).contains("used before");
    assertThat(rig.run("billing adjust", "17", "-1", "--reference", "x").exit()).isEqualTo(2);
    assertThat(rig.run("billing attach", "17", "0xab", "--yes").out()).isEqualTo("linked to account 17\n");
    assertThat(rig.run("billing attach", "17", "0xtaken", "--yes").exit()).isEqualTo(1);
    assertThat(billing.done).first().isEqualTo("adjust 17 -2.50 x by operator@a");
  }

  @Test
  void aFileOfAccountsIsTaken(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("accounts.csv"), "jane@example.org,1000\nDoe, J,2000\n");
    assertThat(rig.run("billing import", file.toString()).out()).contains("would open up to 2 accounts");
    assertThat(billing.done).isEmpty();
    assertThat(rig.run("billing import", file.toString(), "--since", "2025-12-31T00", "--yes").out())
        .isEqualTo("2 accounts opened, 2 readings noted\n");
    assertThat(billing.done).containsExactly("open 2 reading 1000 by operator@a");
    Files.writeString(file, "jane@example.org\n");
    assertThat(rig.run("billing import", file.toString(), "--yes").failure()).isEqualTo("line 1: expected IDENTITY,BYTES");
    assertThat(rig.run("billing import", "accounts.csv").exit()).isEqualTo(2);
    assertThat(rig.run("billing import", "/nowhere/accounts.csv").failure()).isEqualTo("the file cannot be read: NoSuchFileException");
  }

  @Test
  void whatCannotBeIsOneLine() {
    assertThat(rig.run("billing balance", "99").failure()).isEqualTo("there is no account 99");
    assertThat(rig.run("billing balance", "joe@example.org").failure()).isEqualTo("no account has this identity");
    assertThat(rig.run("billing ledger", "17", "--max", "0").failure()).contains("from 1 to 10000");
    assertThat(rig.run("billing statement", "17", "--month", "soon").exit()).isEqualTo(2);
    assertThat(rig.run("billing charge", "--hour", "now").exit()).isEqualTo(2);
    assertThat(rig.run("drill run", "d9").failure()).contains("there is no drill 'd9'");
    billing.away = true;
    assertThat(rig.run("billing status")).isEqualTo(new Rig.Result("", "billing: the database does not answer", 3));
  }
}
