package org.example.lowbalance;

import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceListener;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.secret.Secrets;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts a notice when a balance falls below a limit: one per account, until it was above again. Whoever moves money waits for
 * {@link #changed}, so that only puts the account into a queue; a thread of its own does the rest.
 */
@Component(name = "low-balance", service = {BalanceListener.class, HealthCheck.class}, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = LowBalanceConfig.class)
public final class LowBalance implements BalanceListener, HealthCheck {

  private static final Logger log = LoggerFactory.getLogger(LowBalance.class);
  /** Notices that wait; it is news, so what is more is dropped and counted. */
  private static final int WAITING_MAX = 10_000;
  /** Accounts of which is known that somebody was told; of the oldest one may be told again. */
  private static final int TOLD_MAX = 100_000;

  private final BigDecimal below;
  private final NoticePost post;
  private final Thread thread;
  // All guarded by this; nothing foreign is called with it.
  private final Queue<BalanceChange> waiting = new ArrayDeque<>();
  private final Set<Long> told = new LinkedHashSet<>();
  private long dropped;
  private String problem = "";
  private boolean closed;

  /** @throws IllegalArgumentException if the limit is no number, or the URL is none */
  @Activate
  public LowBalance(LowBalanceConfig config, @Reference Secrets secrets) {
    if (!config.below().matches("-?[0-9]{1,20}(\\.[0-9]{1,18})?")) {
      throw new IllegalArgumentException("low-balance.below: expected an amount such as 5.00");
    }
    below = new BigDecimal(config.below());
    post = new NoticePost(config, secrets);
    thread = new Thread(this::postAll, "low-balance");
    thread.setDaemon(true);
    thread.start();
  }

  @Deactivate
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    post.close(); // a call that waits ends
  }

  @Override
  public synchronized void changed(List<BalanceChange> changes) {
    for (BalanceChange change : changes) {
      long account = change.account().number();
      if (change.balance().compareTo(below) >= 0) {
        told.remove(account);
      } else if (!closed && told.add(account)) {
        offer(change);
      }
    }
    notifyAll();
  }

  private void offer(BalanceChange change) {
    if (told.size() > TOLD_MAX) {
      told.remove(told.iterator().next());
    }
    if (waiting.size() == WAITING_MAX) {
      told.remove(change.account().number());
      dropped++;
    } else {
      waiting.add(change);
    }
  }

  private void postAll() {
    for (BalanceChange next = take(); next != null; next = take()) {
      done(next.account().number(), post.send(next, below));
    }
  }

  /** Waits for the next; null when there will be none. */
  private synchronized @Nullable BalanceChange take() {
    while (waiting.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        closed = true; // nobody here interrupts it; whoever does wants it to end
      }
    }
    return closed ? null : waiting.remove();
  }

  /** What nobody was told is told with the next change of that balance. */
  private synchronized void done(long account, String failed) {
    problem = failed;
    if (!failed.isEmpty() && !closed) {
      told.remove(account);
      log.warn("notice not posted account={} problem=\"{}\"", account, failed);
    }
  }

  @Override
  public synchronized List<HealthResult> check() {
    String now = problem + (dropped > 0 ? (problem.isEmpty() ? "" : "; ") + dropped + " notices were dropped, since too many waited" : "");
    return now.isEmpty() ? List.of()
        : List.of(new HealthResult("low-balance", HealthKind.readiness, HealthStatus.warn, now));
  }
}
