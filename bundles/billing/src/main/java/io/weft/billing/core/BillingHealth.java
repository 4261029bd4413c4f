package io.weft.billing.core;

import io.weft.billing.Finding;
import io.weft.billing.Verification;
import io.weft.billing.ledger.Charged;
import io.weft.billing.ledger.Rules;
import io.weft.billing.ledger.SqlFailures;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Says how the last run went here, whether the books were right when they were last checked, and which safety is switched off.
 */
@Component(name = "weft.billing.health", service = {HealthCheck.class, BillingHealth.class})
public final class BillingHealth implements HealthCheck {

  private static final String NAME = "billing";

  private final Rules rules;
  private final Singleton singleton;
  private volatile @Nullable String failure;
  private volatile @Nullable Verification verified;

  @Activate
  public BillingHealth(@Reference BillingCore core, @Reference Singleton singleton) {
    this.rules = core.books().rules();
    this.singleton = singleton;
  }

  /** Runs it and remembers how it went. That another one acts, or that it was cancelled, is no failure of this node. */
  void charging(Callable<Charged> charging) throws Exception {
    try {
      charging.call();
      failure = null;
    } catch (SQLException e) {
      failure = SqlFailures.isStale(e) ? failure : SqlFailures.inWords(e);
      throw e;
    } catch (CancellationException e) {
      throw e;
    } catch (IllegalStateException | ArithmeticException e) {
      failure = SqlFailures.inWords(e);
      throw e;
    }
  }

  void verified(Verification found) {
    verified = found;
  }

  @Override
  public List<HealthResult> check() {
    List<HealthResult> results = new ArrayList<>();
    Verification books = verified;
    String problem = failure;
    if (books != null && !books.good()) {
      results.add(new HealthResult("books", HealthKind.readiness, HealthStatus.critical, "wrong: " + books.findings().stream()
          .filter(f -> !f.good()).map(Finding::check).collect(Collectors.joining(", ")) + "; see billing:verify"));
    } else if (books != null) {
      results.add(new HealthResult("books", HealthKind.readiness, HealthStatus.ok, books.entries() + " entries checked"));
    }
    results.add(problem == null ? new HealthResult(NAME, HealthKind.readiness, HealthStatus.ok, "no charge failed here")
        : new HealthResult(NAME, HealthKind.readiness, HealthStatus.warn, "charging failed here, and is tried again: "
            + problem));
    if (!rules.idempotency() || !rules.fencing() || singleton.mode() == Singleton.Mode.OFF) {
      results.add(new HealthResult(NAME, HealthKind.posture, HealthStatus.warn,
          "a safety is switched off (billing.idempotency, billing.fencing, billing.singleton): accounts may be charged twice"));
    }
    return results;
  }
}
