package io.weft.installer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which this bundle looks after plugins by itself. Only while there is something to do. */
final class Worker implements Executor, AutoCloseable {

  private static final int QUEUE_MAX = 1_024;
  private static final int IDLE_S = 30;
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE_MAX), Worker::thread);

  Worker() {
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread made = new Thread(task, "weft-installer-work");
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
          log.error("task failed loop=installer", e);
        }
      });
    } catch (RejectedExecutionException e) {
      log.debug("installer is stopping or has too much to do", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
