package io.weft.shell;

import io.weft.billing.Account;
import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.Billing;
import io.weft.billing.BillingStatus;
import io.weft.billing.BillingUnavailable;
import io.weft.billing.ChargePreview;
import io.weft.billing.DrillReport;
import io.weft.billing.DrillStep;
import io.weft.billing.Drills;
import io.weft.billing.EntryType;
import io.weft.billing.Finding;
import io.weft.billing.Hour;
import io.weft.billing.LedgerEntry;
import io.weft.billing.NewAccount;
import io.weft.billing.Reading;
import io.weft.billing.Statement;
import io.weft.billing.Verification;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Books with one account, 17, which paid once and was charged once. */
public final class SampleBilling implements Billing, Drills {

  private static final Hour HOUR = Hour.parse("2026-01-01T00");
  private static final AccountRef REF = new AccountRef(17, "ab".repeat(32));

  public final List<String> done = new ArrayList<>();
  public long wrong;
  public boolean away;

  @Override
  public BillingStatus status() {
    if (away) {
      throw new BillingUnavailable("the database does not answer");
    }
    return new BillingStatus(1, 0, "storage", List.of("storage"), List.of("bank"), Optional.of(HOUR), 0, 1, 0, "dcs", false,
        Map.of("fencing", true, "idempotency", true, "singleton", true));
  }

  @Override
  public List<Account> accounts(long after, int max, Optional<AccountState> state) {
    return after < 17 && state.orElse(AccountState.ACTIVE) == AccountState.ACTIVE ? List.of(account()) : List.of();
  }

  private static Account account() {
    return new Account(REF, AccountState.ACTIVE, new BigDecimal("4.958333333333333333"), BigDecimal.ZERO, HOUR);
  }

  @Override
  public Optional<Account> account(long number) {
    return number == 17 ? Optional.of(account()) : Optional.empty();
  }

  @Override
  public Optional<Account> find(String identity) {
    return identity.equals("jane@example.org") ? Optional.of(account()) : Optional.empty();
  }

  @Override
  public String identity(String external) {
    return REF.identity();
  }

  @Override
  public List<LedgerEntry> ledger(long account, long before, int max) {
    Instant at = Instant.parse("2026-01-01T01:00:00Z");
    return List.of(
        new LedgerEntry(2, 17, EntryType.CHARGE, new BigDecimal("-0.041666666666666667"), HOUR.key(), 42L, HOUR, "a", at),
        new LedgerEntry(1, 17, EntryType.DEPOSIT, new BigDecimal("5.000"), "bank:1", 41L, null, "a", at.minusSeconds(60)));
  }

  @Override
  public Optional<Statement> statement(long account, YearMonth month) {
    return Optional.of(new Statement(17, month, BigDecimal.ZERO, new BigDecimal("4.958333333333333333"), List.of(
        new Statement.Line(EntryType.CHARGE, 1, new BigDecimal("-0.041666666666666667")),
        new Statement.Line(EntryType.DEPOSIT, 1, new BigDecimal("5")))));
  }

  @Override
  public ChargePreview preview(Hour hour) {
    return new ChargePreview(hour, "storage", 1, 0, 0, 0, new BigDecimal("0.041666666666666667"), List.of(
        new ChargePreview.Line(17, new BigDecimal("0.041666666666666667"), new BigDecimal("4.916666666666666666"))));
  }

  @Override
  public Verification verify() {
    return new Verification(1, 2, new BigDecimal("4.958333333333333333"), List.of(
        new Finding("sum equals balance", wrong, wrong == 0 ? "always" : "first at account 17"),
        new Finding("guards in place", 0, "3 unique indexes, 3 triggers")));
  }

  @Override
  public int open(List<NewAccount> accounts, List<Reading> readings, String actor) {
    done.add("open " + accounts.size() + " reading " + readings.get(0).quantity() + " by " + actor);
    return accounts.size();
  }

  @Override
  public int record(List<Reading> readings, String actor) {
    done.add("record " + readings.get(0).quantity());
    return readings.size();
  }

  @Override
  public boolean link(long account, String identity, String actor) {
    done.add("link " + account);
    return !identity.equals("0xtaken");
  }

  @Override
  public boolean adjust(long account, BigDecimal amount, String reference, String actor) {
    done.add("adjust " + account + " " + amount + " " + reference + " by " + actor);
    return !reference.equals("used");
  }

  @Override
  public Map<String, String> titles() {
    return Map.of("d1", "the stack is healthy");
  }

  @Override
  public DrillReport run(String name) {
    if (!name.equals("d1")) {
      throw new IllegalArgumentException("there is no drill '" + name + "'; there are d1");
    }
    return new DrillReport(name, "the stack is healthy", List.of(new DrillStep("the database answers", wrong == 0, "PostgreSQL 18.6")),
        Duration.ofMillis(12));
  }
}
