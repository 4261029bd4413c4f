package io.weft.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CancellationException;
import org.osgi.annotation.versioning.ProviderType;

/** One run of a job, for the job. Any thread. */
@ProviderType
public interface JobRun {

  String job();

  /** When this run was due: the key of the period, the same on every node and in every attempt. */
  Instant period();

  /** Which shard; 0 if there are none. */
  int shard();

  /** Fencing token; larger than that of every earlier run of this shard on another node. 0 for {@link JobScope.EveryNode}. */
  long token();

  /**
   * Whether the lease is held, the time limit not over and the run not cancelled. Ask right before each step that only one may
   * do.
   */
  boolean isActive();

  /** As {@link #isActive}, for those who want to be thrown out. */
  default void check() {
    if (!isActive()) {
      throw new CancellationException("run of " + job() + " for " + period() + " may not go on");
    }
  }

  /** How long it may go on if nothing else happens: to the end of the lease or of the time limit, whichever is first. */
  Duration remaining();

  /**
   * Says how far it is. Cheap; others see the last one a little later.
   *
   * @param message one line for people
   * @param done 0 to 1; NaN if unknown
   */
  void progress(String message, double done);
}
