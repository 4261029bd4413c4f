package io.weft.directory.merge;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One thread that is there only while there is work. Its queue holds at most the one drain that a serial loop asks for. */
final class LoopThread implements Executor, AutoCloseable {

  private static final long LINGER_SECONDS = 10;
  private static final long STOP_SECONDS = 2;

  private final ThreadPoolExecutor pool;

  LoopThread(String name) {
    pool = new ThreadPoolExecutor(1, 1, LINGER_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    }, new ThreadPoolExecutor.DiscardPolicy()); // only after close, when nobody can do anything about it
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    pool.execute(task);
  }

  /** Waits a little for the task that runs, so that no thread is left when the bundle has stopped. */
  @Override
  public void close() {
    pool.shutdown();
    try {
      pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
