package io.weft.support;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another on a borrowed executor: the one owner of some state. Tasks of one caller keep their order,
 * and what one task wrote the next one sees. A task that throws is logged and does not stop the others.
 */
public final class SerialLoop implements Executor, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SerialLoop.class);

  private final String name;
  private final Executor executor;
  private final int queueMax;
  // Guards queue, running and closed. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
  private boolean running;
  private boolean closed;
  private volatile Thread current;

  /**
   * @param executor runs the loop whenever there is work; stays the caller's
   * @param queueMax tasks that may wait; one more is rejected
   */
  public SerialLoop(String name, Executor executor, int queueMax) {
    this.name = name;
    this.executor = executor;
    this.queueMax = queueMax;
  }

  /**
   * Adds a task. After {@link #close} tasks are silently dropped, because whoever sends them late can do nothing about it.
   *
   * @throws RejectedExecutionException if {@code queueMax} tasks wait, or if the executor refuses to work; then nothing was added
   */
  @Override
  public void execute(Runnable task) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      if (queue.size() >= queueMax) {
        throw new RejectedExecutionException("loop " + name + " has " + queueMax + " tasks waiting");
      }
      queue.add(task);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      executor.execute(this::drain);
    } catch (RejectedExecutionException e) {
      synchronized (lock) {
        running = false; // Or the loop would wait for ever for a drain that never comes.
        queue.remove(task);
      }
      throw e;
    }
  }

  /** Whether the caller runs on this loop. */
  public boolean isCurrent() {
    return current == Thread.currentThread();
  }

  /** Drops what waits and everything that comes. A task that runs is not interrupted. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      queue.clear();
    }
  }

  private void drain() {
    current = Thread.currentThread();
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (RuntimeException | Error e) { // Errors too: a class that went with its bundle must not end the loop.
        log.error("task failed loop={}", name, e);
      }
    }
  }

  private Runnable next() {
    synchronized (lock) {
      Runnable task = queue.poll();
      if (task == null) {
        running = false;
        // Cleared here, under the lock: once running is false another thread may start draining.
        current = null;
      }
      return task;
    }
  }
}
