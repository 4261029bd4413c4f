package io.weft.node.core;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which this bundle reads files and asks other services, in order. For this bundle only. */
@Component(name = "weft.node.worker", service = Worker.class)
public final class Worker implements Executor {

  private static final int QUEUE_MAX = 1024;
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  private final ThreadPoolExecutor thread;

  @Activate
  public Worker() {
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE_MAX),
            task -> {
              Thread t = new Thread(task, "weft-node-work-1");
              t.setDaemon(true);
              return t;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /** @throws RejectedExecutionException if {@value #QUEUE_MAX} tasks wait or the bundle is stopping */
  @Override
  public void execute(Runnable task) {
    thread.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            log.error("task failed loop=node", e);
          }
        });
  }

  @Deactivate
  public void close() {
    thread.shutdownNow();
  }
}
