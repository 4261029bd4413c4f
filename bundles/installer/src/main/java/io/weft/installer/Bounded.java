package io.weft.installer;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleException;

/** Something that a stranger's code does on a thread of its own, so that it can be waited for, interrupted and left alone. */
final class Bounded {

  /** What may go wrong in many ways. */
  interface Work {
    void run() throws BundleException;
  }

  private static final int INTERRUPTS = 10;

  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private final Thread thread;

  private Bounded(String name, Work work, BiConsumer<Bounded, @Nullable Throwable> after) {
    thread = new Thread(() -> run(work, after), "weft-installer-" + name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null); // or what the plugin starts would hold this bundle
  }

  /** To be begun. Whoever waits for the end waits for {@code after}, too, which is given what the work threw, or null. */
  static Bounded of(String name, Work work, BiConsumer<Bounded, @Nullable Throwable> after) {
    return new Bounded(name, work, after);
  }

  static Bounded start(String name, Work work) {
    Bounded bounded = of(name, work, (self, failure) -> {});
    bounded.begin();
    return bounded;
  }

  void begin() {
    thread.start();
  }

  private void run(Work work, BiConsumer<Bounded, @Nullable Throwable> after) {
    try {
      work.run();
      after.accept(this, null);
      end.complete(null);
    } catch (BundleException | RuntimeException | Error e) { // a stranger's Error must not look like one that goes on for ever
      after.accept(this, e);
      end.completeExceptionally(e);
    }
  }

  /** Completes with what the work threw. */
  CompletableFuture<Void> end() {
    return end;
  }

  /** Whether it came to an end within that time, good or bad. */
  boolean within(Duration bound) {
    try {
      end.get(bound.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return end.isDone();
    }
  }

  void interrupt() {
    thread.interrupt();
  }

  /** Interrupts it again and again: the first may get lost in the framework, on the way to the stranger's code. Whether it ended. */
  boolean endWithin(Duration bound) {
    Duration each = bound.dividedBy(INTERRUPTS);
    for (int i = 0; i < INTERRUPTS; i++) {
      thread.interrupt();
      if (within(each)) {
        return true;
      }
    }
    return false;
  }

  /** Where it is now, for people: the topmost frame that is not the JDK's. */
  String at() {
    return Arrays.stream(thread.getStackTrace())
        .filter(frame -> !frame.getClassName().startsWith("java.") && !frame.getClassName().startsWith("jdk."))
        .findFirst().map(StackTraceElement::toString).orElse("its end");
  }
}
