package io.weft.testkit.job;

import io.weft.coordination.Job;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobSpec;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Writes down its runs; a test may have it wait, or fail. Any thread. */
public final class FakeJob implements Job {

  /** A run that came to its end. */
  public record Done(Instant period, long token) {}

  private final JobSpec spec;
  private final List<Done> done = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock.
  private boolean held;
  private int waiting;
  private volatile boolean failing;

  public FakeJob(JobSpec spec) {
    this.spec = spec;
  }

  /** Runs that came to their end, in order. */
  public List<Done> done() {
    return List.copyOf(done);
  }

  /** Runs from now on wait until {@link #release}, without effect. */
  public void hold() {
    set(true);
  }

  /** Ends the waiting. */
  public void release() {
    set(false);
  }

  private void set(boolean now) {
    lock.lock();
    try {
      held = now;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a run waits. */
  public boolean waits() {
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Whether runs throw from now on. */
  public void failing(boolean now) {
    failing = now;
  }

  @Override
  public JobSpec spec() {
    return spec;
  }

  @Override
  public void run(JobRun run) throws Exception {
    run.progress("began", 0);
    awaitRelease(run);
    if (failing) {
      throw new IllegalStateException("the job " + spec.name() + " fails, as the test wants");
    }
    if (run.isActive()) {
      done.add(new Done(run.period(), run.token()));
      run.progress("done", 1);
    }
  }

  private void awaitRelease(JobRun run) throws InterruptedException, TimeoutException {
    lock.lock();
    waiting++;
    try {
      while (held) {
        if (!run.isActive() || !changed.await(Math.max(1, run.remaining().toNanos()), TimeUnit.NANOSECONDS)) {
          throw new TimeoutException("the run was over before the job " + spec.name() + " was released");
        }
      }
    } finally {
      waiting--;
      lock.unlock();
    }
  }
}
