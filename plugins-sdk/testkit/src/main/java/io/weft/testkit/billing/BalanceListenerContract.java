package io.weft.testkit.billing;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceChange.Cause;
import io.weft.billing.BalanceListener;
import io.weft.billing.Billing;
import io.weft.testkit.Await;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BalanceListener} keeps to: whoever moves money waits for it, so it returns at once whatever hangs outside, takes any
 * change, throws nothing, and ends with its bundle. Extend it, and say what can be seen of it outside.
 */
public abstract class BalanceListenerContract {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final List<BigDecimal> AMOUNTS = List.of(new BigDecimal("0"), new BigDecimal("-0.000000000000000001"),
      new BigDecimal("99999999999999999999.999999999999999999"), new BigDecimal("-99999999999999999999.999999999999999999"));

  private final ExecutorService callers = Executors.newCachedThreadPool();

  /** The listener under test; the same for one test. */
  protected abstract BalanceListener listener() throws Exception;

  /** A change that it does something about, which is seen outside. */
  protected abstract BalanceChange news(AccountRef account) throws Exception;

  /** How often it did something about a change so far. */
  protected abstract int seen() throws Exception;

  /** From now on what it talks to does not answer. */
  protected abstract void hang() throws Exception;

  /** As when its bundle is stopped. Safe twice. */
  protected abstract void stop() throws Exception;

  @AfterEach
  final void end() throws Exception {
    stop();
    callers.shutdownNow();
  }

  @Test
  public void doesSomethingAboutNews() throws Exception {
    listener().changed(List.of(news(account(1))));
    Await.until("something to be seen outside", SOON, () -> count() == 1);
  }

  @Test
  public void takesAnyChangeAndNoneAtAll() throws Exception {
    BalanceListener listener = listener();
    listener.changed(List.of());
    List<BalanceChange> all = new ArrayList<>();
    for (Cause cause : Cause.values()) {
      for (AccountState state : AccountState.values()) {
        AMOUNTS.forEach(amount -> all.add(new BalanceChange(account(all.size() + 1), cause, amount, state)));
      }
    }
    listener.changed(List.copyOf(all));
    listener.changed(List.copyOf(all)); // the same again
  }

  @Test
  public void returnsAtOnceAlsoWhenWhatItTalksToHangs() throws Exception {
    BalanceListener listener = listener();
    hang();
    List<BalanceChange> most = new ArrayList<>();
    for (int i = 1; i <= Billing.BATCH_MAX; i++) {
      most.add(news(account(i)));
    }
    Future<?> caller = callers.submit(() -> {
      for (int i = 0; i < 10; i++) {
        listener.changed(List.copyOf(most));
      }
    });
    returned(caller);
  }

  @Test
  public void isCalledByManyAtOnce() throws Exception {
    BalanceListener listener = listener();
    CountDownLatch together = new CountDownLatch(8);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      BalanceChange change = news(account(i));
      all.add(callers.submit(() -> {
        together.countDown();
        together.await();
        listener.changed(List.of(change));
        return null;
      }));
    }
    for (Future<?> one : all) {
      returned(one);
    }
    Await.until("all eight to be seen outside", SOON, () -> count() == 8);
  }

  @Test
  public void endsWithItsBundleAndLeavesNoThread() throws Exception {
    List<Thread> before = threads();
    BalanceListener listener = listener();
    listener.changed(List.of(news(account(1))));
    Await.until("something to be seen outside", SOON, () -> count() == 1);
    hang();
    listener.changed(List.of(news(account(2)), news(account(3))));
    stop();
    listener.changed(List.of(news(account(4)))); // on its way while the bundle stopped; it may be dropped
    Await.until("its threads to end", SOON, () -> threads().stream().allMatch(thread -> before.contains(thread) || isOfTest(thread)));
  }

  /** Threads of the test's own, which may go on: those of what the listener talks to. None unless said otherwise. */
  protected boolean isOfTest(Thread thread) {
    return false;
  }

  private int count() {
    try {
      return seen();
    } catch (Exception e) {
      throw new AssertionError("what is seen outside cannot be looked at", e);
    }
  }

  private static List<Thread> threads() {
    return List.copyOf(Thread.getAllStackTraces().keySet());
  }

  private static AccountRef account(long number) {
    return new AccountRef(number, String.format("%064x", number));
  }

  private static void returned(Future<?> call) throws ExecutionException, InterruptedException {
    try {
      call.get(SOON.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("whoever moves money waits for the listener", e);
    }
  }
}
