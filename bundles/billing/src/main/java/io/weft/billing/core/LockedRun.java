package io.weft.billing.core;

import io.weft.billing.ledger.DatabaseLock;
import io.weft.coordination.JobRun;
import java.time.Duration;
import java.time.Instant;

/** A run whose lease is the lock of the database. */
record LockedRun(JobRun run, long token, DatabaseLock lock) implements JobRun {

  @Override
  public String job() {
    return run.job();
  }

  @Override
  public Instant period() {
    return run.period();
  }

  @Override
  public int shard() {
    return run.shard();
  }

  /** The fence is what makes it safe; this only saves work. */
  @Override
  public boolean isActive() {
    return run.isActive() && lock.isHeld();
  }

  @Override
  public Duration remaining() {
    return run.remaining();
  }

  @Override
  public void progress(String message, double done) {
    run.progress(message, done);
  }
}
