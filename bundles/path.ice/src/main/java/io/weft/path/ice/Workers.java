package io.weft.path.ice;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads for what takes time: looking up names, network cards, ice4j. Two at most, none when there is nothing to do. */
final class Workers implements Executor {

  private static final Logger log = LoggerFactory.getLogger(Workers.class);
  private static final int THREADS = 2;
  private static final int TASKS_MAX = 8_192;
  private static final int IDLE_SECONDS = 10;

  private final ThreadPoolExecutor pool;

  Workers() {
    pool = new ThreadPoolExecutor(THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(TASKS_MAX), task -> {
      Thread thread = new Thread(task, "weft-path.ice-worker");
      thread.setDaemon(true);
      // ice4j looks for its settings by the loader of the thread that comes first.
      thread.setContextClassLoader(Workers.class.getClassLoader());
      return thread;
    });
    pool.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      log.debug("task dropped: {}", pool.isShutdown() ? "stopped" : "too many wait");
    }
  }

  /** What was given still runs; its threads end after it. */
  void close() {
    pool.shutdown();
  }
}
