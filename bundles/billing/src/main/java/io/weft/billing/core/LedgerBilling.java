package io.weft.billing.core;

import io.weft.billing.Account;
import io.weft.billing.AccountState;
import io.weft.billing.Billing;
import io.weft.billing.BillingStatus;
import io.weft.billing.BillingUnavailable;
import io.weft.billing.ChargePreview;
import io.weft.billing.DepositSource;
import io.weft.billing.Hour;
import io.weft.billing.LedgerEntry;
import io.weft.billing.NewAccount;
import io.weft.billing.RatingPlan;
import io.weft.billing.Reading;
import io.weft.billing.Statement;
import io.weft.billing.Verification;
import io.weft.billing.ledger.Audit;
import io.weft.billing.ledger.Journal;
import io.weft.billing.ledger.Preview;
import io.weft.billing.ledger.Rules;
import io.weft.billing.ledger.SqlFailures;
import io.weft.billing.ledger.Standing;
import io.weft.billing.money.Money;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The books as a service. */
@Component(name = "weft.billing.books", service = Billing.class)
public final class LedgerBilling implements Billing {

  /** One line for each change that somebody asked for: who, what, how much; never who it is about but by number. */
  private static final Logger audit = LoggerFactory.getLogger("io.weft.audit.billing");

  private final BillingCore core;
  private final Singleton singleton;

  @Activate
  public LedgerBilling(@Reference BillingCore core, @Reference Singleton singleton) {
    this.core = core;
    this.singleton = singleton;
  }

  private interface Asked<T> {
    T ask() throws SQLException;
  }

  private static <T> T ask(Asked<T> asked) {
    try {
      return asked.ask();
    } catch (SQLException e) {
      throw new BillingUnavailable(SqlFailures.inWords(e), e);
    }
  }

  @Override
  public BillingStatus status() {
    Standing now = ask(() -> Standing.of(core.books()));
    Rules rules = core.books().rules();
    Map<String, Boolean> switches = new LinkedHashMap<>();
    switches.put("fencing", rules.fencing());
    switches.put("idempotency", rules.idempotency());
    switches.put("singleton", singleton.mode() != Singleton.Mode.OFF);
    return new BillingStatus(now.accounts(), now.suspended(), core.plan().map(RatingPlan::name).orElse(""), now.meters(),
        core.sources().stream().map(DepositSource::name).sorted().toList(), now.last(), now.owed(), now.deposits(),
        now.unmatched(),
        singleton.mode().word(), singleton.holdsLock(), switches);
  }

  @Override
  public List<Account> accounts(long after, int max, Optional<AccountState> state) {
    return ask(() -> core.accounts().list(after, bounded(max), state));
  }

  @Override
  public Optional<Account> account(long number) {
    return ask(() -> core.accounts().find(number));
  }

  @Override
  public Optional<Account> find(String identity) {
    return ask(() -> core.accounts().find(identity));
  }

  @Override
  public String identity(String external) {
    return core.identities().hex(external);
  }

  @Override
  public List<LedgerEntry> ledger(long account, long before, int max) {
    return ask(() -> new Journal(core.books()).list(account, before, bounded(max)));
  }

  @Override
  public Optional<Statement> statement(long account, YearMonth month) {
    return ask(() -> new Journal(core.books()).statement(account, month));
  }

  @Override
  public ChargePreview preview(Hour hour) {
    RatingPlan plan = core.plan().orElseThrow(() -> new BillingUnavailable("there is no rating plan"));
    try {
      return new Preview(core.books()).of(hour, plan);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BillingUnavailable("interrupted", e);
    } catch (Exception e) {
      throw new BillingUnavailable(SqlFailures.inWords(e), e);
    }
  }

  @Override
  public Verification verify() {
    return ask(() -> new Audit(core.books().ledger()).verify());
  }

  @Override
  public int open(List<NewAccount> accounts, List<Reading> readings, String actor) {
    bounded(Math.max(accounts.size(), readings.size()));
    int opened = ask(() -> core.accounts().open(accounts, readings));
    audit.info("billing accounts opened count={} actor={}", opened, actor);
    return opened;
  }

  @Override
  public int record(List<Reading> readings, String actor) {
    bounded(readings.size());
    int noted = ask(() -> core.accounts().record(readings));
    audit.info("billing readings noted count={} of={} actor={}", noted, readings.size(), actor);
    return noted;
  }

  @Override
  public boolean link(long account, String identity, String actor) {
    boolean linked = ask(() -> core.accounts().link(account, identity));
    audit.info("billing identity linked account={} done={} actor={}", account, linked, actor);
    return linked;
  }

  @Override
  public boolean adjust(long account, BigDecimal amount, String reference, String actor) {
    String problem = Journal.problem(amount, reference);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    boolean made = ask(() -> new Journal(core.books()).adjust(account, amount, reference, actor));
    audit.info("billing adjustment account={} amount={} reference={} made={} actor={}", account, Money.text(amount), reference,
        made,
        actor);
    return made;
  }

  private static int bounded(int count) {
    if (count < 0 || count > BATCH_MAX) {
      throw new IllegalArgumentException("at most " + BATCH_MAX + " at once");
    }
    return count;
  }
}
