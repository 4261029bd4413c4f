package io.weft.testkit.fabric;

import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of the test's own code, which may block while the fabric goes on. The fabric must know when they all wait for it: its time
 * may go on only then. Of those that read and write streams it knows exactly.
 */
final class Handlers {

  /** Some code on a thread of its own. */
  private static final class Task {

    volatile @Nullable Thread thread;
    volatile @Nullable CompletableFuture<?> waitsFor;

    boolean waitsForTheFabric() {
      CompletableFuture<?> result = waitsFor;
      return result != null && !result.isDone();
    }

    boolean isBusy() {
      Thread on = thread;
      return on == null || waitsFor != null ? !waitsForTheFabric() : on.getState() == Thread.State.RUNNABLE;
    }
  }

  private final Set<Task> tasks = ConcurrentHashMap.newKeySet();
  private final ThreadLocal<Task> current = new ThreadLocal<>();

  /** Runs it on a thread of its own; counted from now on. Any thread. */
  Thread start(Runnable code) {
    Task task = new Task();
    tasks.add(task);
    Thread thread = new Thread(() -> {
      task.thread = Thread.currentThread();
      current.set(task);
      try {
        code.run();
      } finally {
        tasks.remove(task);
      }
    }, "test-fabric-handler");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Waits for what the fabric will complete; on a thread that was started here, so that the fabric knows. */
  <T> T await(CompletableFuture<T> result) throws InterruptedException, ExecutionException {
    Task task = current.get();
    if (task == null) {
      return result.get();
    }
    task.waitsFor = result;
    try {
      return result.get();
    } finally {
      task.waitsFor = null;
    }
  }

  /** Whether all of them wait for the fabric to do something. */
  boolean areQuiet() {
    return tasks.stream().allMatch(Task::waitsForTheFabric);
  }

  /** Whether one of them computes, or is about to. */
  boolean isBusy() {
    return tasks.stream().anyMatch(Task::isBusy);
  }

  /** Threads for the handlers of one node, without a bound. */
  ExecutorService ofNode() {
    return new AbstractExecutorService() {

      private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
      private volatile boolean shut;

      @Override
      public void execute(Runnable code) {
        threads.removeIf(thread -> !thread.isAlive());
        threads.add(start(code));
      }

      @Override
      public void shutdown() {
        shut = true;
      }

      @Override
      public List<Runnable> shutdownNow() {
        shut = true;
        threads.forEach(Thread::interrupt);
        return List.of();
      }

      @Override
      public boolean isShutdown() {
        return shut;
      }

      @Override
      public boolean isTerminated() {
        return shut && threads.stream().noneMatch(Thread::isAlive);
      }

      @Override
      public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        for (Thread thread : threads) {
          unit.timedJoin(thread, timeout);
        }
        return isTerminated();
      }
    };
  }
}
