package io.weft.installer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread on which this bundle looks after plugins by itself. Only while there is something to do. */
final class Worker implements Executor, AutoCloseable {

  private static final int QUEUE_MAX = 1_024;
  private static final int IDLE_S = 30;
  private static final int END_MAX_S = 5;
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final String name;
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_MAX), this::thread);

  Worker(String name) {
    this.name = name;
    thread.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable task) {
    Thread made = new Thread(task, "weft-installer-" + name);
    made.setDaemon(true);
    return made;
  }

  @Override
  public void execute(Runnable task) {
    try {
      thread.execute(() -> {
        try {
          task.run();
        } catch (RuntimeException e) {
          if (thread.isShutdown()) {
            log.debug("what the task needs is gone", e);
          } else {
            log.error("task failed loop=installer", e);
          }
        }
      });
    } catch (RejectedExecutionException e) {
      if (!thread.isShutdown()) {
        log.error("task dropped loop=installer reason=\"{}\"", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(END_MAX_S, TimeUnit.SECONDS)) {
        log.debug("what goes on does not let itself be interrupted loop=installer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
