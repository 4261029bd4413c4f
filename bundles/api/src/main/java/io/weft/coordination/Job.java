package io.weft.coordination;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Work that is done by schedule, where and as often as its {@link JobSpec} says. Registered as a service on every node that may
 * run it; which one does is decided by leases.
 */
@ConsumerType
public interface Job {

  /** What it is called and when it runs. Constant. */
  JobSpec spec();

  /**
   * Does one run, on a thread of its own where it may block. Two runs of one job (of one shard of it) never overlap, except that
   * a holder that lost its lease may not have noticed: pass {@link JobRun#token} to where the effect is, or make the effect
   * idempotent by {@link JobRun#period}.
   *
   * <p>The thread is interrupted when the lease is lost, the time limit is over or the job is removed with {@link
   * JobSpec.WhenRemoved#CANCEL}. What it throws makes the run a failure, which is not tried again before the next period.
   */
  void run(JobRun run) throws Exception;
}
