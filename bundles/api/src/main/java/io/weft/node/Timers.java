package io.weft.node;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.osgi.annotation.versioning.ConsumerType;

/** Waiting, in a way that a test can drive. Any thread. */
@ConsumerType
public interface Timers {

  /**
   * Runs {@code task} on {@code executor} once, not before {@code delay} has passed on the monotonic clock. A task that throws is
   * logged and has no other effect.
   *
   * @return closing it before the task was handed to the executor prevents it
   */
  Registration after(Duration delay, Executor executor, Runnable task);
}
