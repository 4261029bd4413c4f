package io.weft.billing.core;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.weft.billing.BalanceListener;
import io.weft.billing.BillingUnavailable;
import io.weft.billing.DepositSource;
import io.weft.billing.MeterSource;
import io.weft.billing.RatingPlan;
import io.weft.billing.ledger.Accounts;
import io.weft.billing.ledger.Books;
import io.weft.billing.ledger.Identities;
import io.weft.billing.ledger.Layout;
import io.weft.billing.ledger.Ledger;
import io.weft.billing.ledger.Notices;
import io.weft.billing.ledger.Retry;
import io.weft.billing.ledger.Rules;
import io.weft.billing.ledger.SqlFailures;
import io.weft.billing.money.CreditRule;
import io.weft.node.Node;
import io.weft.node.Timers;
import io.weft.secret.Secret;
import io.weft.secret.SecretReference;
import io.weft.secret.SecretUnavailable;
import io.weft.secret.Secrets;
import io.weft.store.Database;
import io.weft.store.ReadySchema;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** What the parts of billing have in common: the books, the rules, and the plugins, which come and go. For this bundle only. */
@Component(name = "weft.billing", service = BillingCore.class)
@Designate(ocd = BillingConfig.class)
public final class BillingCore {

  private final BillingConfig config;
  private final Secrets secrets;
  private final Node node;
  private final Timers timers;
  private final Books books;
  private volatile @Nullable Identities identities;

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<MeterSource> meters = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<DepositSource> sources = List.of();

  @Reference(policy = DYNAMIC, policyOption = GREEDY)
  private volatile List<BalanceListener> listeners = List.of();

  @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
  private volatile @Nullable RatingPlan plan;

  /** @param schema is waited for: without tables there are no books */
  @Activate
  public BillingCore(
      BillingConfig config,
      @Reference Database database,
      @Reference(target = "(weft.schema=" + Layout.SCHEMA + ")") ReadySchema schema,
      @Reference Secrets secrets,
      @Reference Node node,
      @Reference Timers timers) {
    this(config, new Ledger(database, schema.schema()), secrets, node, timers);
  }

  BillingCore(BillingConfig config, Ledger ledger, Secrets secrets, Node node, Timers timers) {
    this.config = config;
    this.secrets = secrets;
    this.node = node;
    this.timers = timers;
    this.books = new Books(ledger, rules(config), new Notices(() -> listeners), () -> meters);
  }

  private static Rules rules(BillingConfig config) {
    return new Rules(Duration.ofSeconds(config.settle_seconds()), config.catch_up_max_hours(), config.idempotency(),
        config.fencing(), config.batch_max(), decimal("deposit.min", config.deposit_min()),
        new CreditRule(decimal("lift.above", config.lift_above())));
  }

  private static BigDecimal decimal(String key, String text) {
    try {
      return new BigDecimal(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("billing." + key + ": expected a decimal number such as 0.001", e);
    }
  }

  BillingConfig config() {
    return config;
  }

  Books books() {
    return books;
  }

  Node node() {
    return node;
  }

  Timers timers() {
    return timers;
  }

  Retry retry() {
    return new Retry(this::pause);
  }

  Optional<RatingPlan> plan() {
    return Optional.ofNullable(plan);
  }

  /** Where no component runtime sets it. */
  void use(RatingPlan fixed) {
    plan = fixed;
  }

  List<DepositSource> sources() {
    return sources;
  }

  Accounts accounts() {
    return new Accounts(books.ledger(), identities());
  }

  /**
   * The key is asked for when it is needed first, since secret sources may come later than we do.
   *
   * @throws BillingUnavailable that says which key is missing, or that it is not the one of these books
   */
  Identities identities() {
    Identities known = identities;
    if (known != null) {
      return known;
    }
    Identities fresh = read();
    try {
      if (!new Accounts(books.ledger(), fresh).isRightKey()) {
        throw new BillingUnavailable("billing.identity.key: these books were begun with another key; accounts would be opened "
            + "twice");
      }
    } catch (SQLException e) {
      throw new BillingUnavailable("the database does not answer: " + SqlFailures.inWords(e), e);
    }
    identities = fresh;
    return fresh;
  }

  private Identities read() {
    try (Secret secret = secrets.resolve(SecretReference.parse(config.identity_key()))) {
      byte[] key = secret.copy();
      try {
        return new Identities(key);
      } finally {
        Arrays.fill(key, (byte) 0);
      }
    } catch (SecretUnavailable | IllegalArgumentException e) {
      throw new BillingUnavailable("billing.identity.key: " + e.getMessage(), e);
    }
  }

  void pause(Duration time) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    timers.after(time, Runnable::run, over::countDown);
    over.await();
  }
}
