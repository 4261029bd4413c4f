package io.weft.testkit;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Real time, for tests against real sockets; prefer {@link ManualTime} everywhere else. */
public final class RealTime implements Clock, Timers, AutoCloseable {

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
    Thread thread = new Thread(task, "test-timers");
    thread.setDaemon(true);
    return thread;
  });

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Registration after(Duration delay, Executor executor, Runnable task) {
    Future<?> future = scheduler.schedule(() -> executor.execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }
}
