package io.weft.billing.ledger;

import io.weft.support.dcs.DcsThreads;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads and rates the accounts that come next while those before them are being written: one batch ahead and no more, on a thread
 * of its own. What was read too early does no harm, since the step that writes it looks under a lock whether it is its turn.
 */
final class Ahead implements AutoCloseable {

  private static final Duration END_MAX = Duration.ofSeconds(10);

  /** Reads and rates those behind an account. */
  interface Rating {
    Charging.Batch after(long account) throws Exception;
  }

  private record Begun(long after, Future<Charging.Batch> batch) {}

  private final Rating rating;
  private final ExecutorService thread = DcsThreads.create("billing-rating", 1);
  private @Nullable Begun begun;

  Ahead(Rating rating) {
    this.rating = rating;
  }

  /** Begins with those behind this account. */
  void begin(long after) {
    begun = new Begun(after, thread.submit(() -> rating.after(after)));
  }

  /** Those behind this account; waits for them if that was begun. */
  Charging.Batch take(long after) throws Exception {
    Begun now = begun;
    begun = null;
    if (now == null || now.after() != after) {
      return rating.after(after);
    }
    try {
      return now.batch().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception failure) {
        throw failure;
      }
      throw e;
    }
  }

  /** Interrupts what was begun and is not wanted any more, and waits for it to end. */
  @Override
  public void close() throws InterruptedException {
    thread.shutdownNow();
    if (!thread.awaitTermination(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
      org.slf4j.LoggerFactory.getLogger(Ahead.class).warn("a meter or rating plan goes on although its run is over");
    }
  }
}
