package io.weft.node.core.time;

import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Timers on one thread, which only hands tasks to their executors. */
@Component(name = "weft.node.timers")
public final class ThreadTimers implements Timers {

  /** Timers that may be set at once. Far above what a full node needs; whoever leaks them gets an error instead of the memory. */
  static final int TIMERS_MAX = 1 << 18;

  private static final Logger log = LoggerFactory.getLogger(ThreadTimers.class);

  private final ScheduledThreadPoolExecutor thread;

  @Activate
  public ThreadTimers() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "weft-node-timer-1");
              t.setDaemon(true);
              return t;
            });
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public Registration after(Duration delay, Executor executor, Runnable task) {
    if (thread.getQueue().size() >= TIMERS_MAX) {
      throw new RejectedExecutionException(TIMERS_MAX + " timers are set already");
    }
    long nanos = delay.isNegative() ? 0 : saturatedNanos(delay);
    Future<?> future = thread.schedule(() -> hand(executor, task), nanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  private static long saturatedNanos(Duration delay) {
    return delay.getSeconds() > Long.MAX_VALUE / 2_000_000_000L ? Long.MAX_VALUE / 2 : delay.toNanos();
  }

  private static void hand(Executor executor, Runnable task) {
    try {
      executor.execute(
          () -> {
            try {
              task.run();
            } catch (RuntimeException e) {
              log.error("timer task failed task={}", task.getClass().getName(), e);
            }
          });
    } catch (RejectedExecutionException e) {
      log.debug("timer task rejected task={} reason={}", task.getClass().getName(), e.toString());
    }
  }

  @Deactivate
  void close() {
    thread.shutdownNow();
  }
}
