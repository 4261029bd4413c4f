package io.weft.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition rather than for a time. */
public final class Await {

  private Await() {}

  /**
   * Returns as soon as {@code condition} is true.
   *
   * @param what completes the message "gave up waiting for ..."
   * @throws AssertionError after {@code most}
   */
  public static void until(String what, Duration most, Callable<Boolean> condition) {
    long end = System.nanoTime() + most.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("gave up waiting for " + what + " after " + most);
        }
        LockSupport.parkNanos(1_000_000);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("while waiting for " + what, e);
    }
  }
}
