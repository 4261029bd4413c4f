package io.weft.node.core;

import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls into code that may hang, on a few threads of its own that go away when idle: a caller waits on the future for as long as
 * it likes and then leaves.
 */
public final class BoundedCalls implements AutoCloseable {

  private static final int QUEUE_MAX = 256;

  private final ThreadPoolExecutor threads;

  /** @param name of the threads, which get a number behind it */
  public BoundedCalls(String name, int threadsMax) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            threadsMax,
            threadsMax,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE_MAX),
            task -> {
              Thread t = new Thread(task, name + "-" + number.incrementAndGet());
              t.setDaemon(true);
              return t;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** @throws RejectedExecutionException if all threads are busy and {@value #QUEUE_MAX} calls wait, or after {@link #close} */
  public <T> Future<T> submit(Callable<T> call) {
    return threads.submit(call);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
