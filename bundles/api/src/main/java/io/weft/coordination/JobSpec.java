package io.weft.coordination;

import io.weft.node.Names;
import java.time.Duration;

/**
 * What a job is called, and when, where and for how long it runs.
 *
 * @param name see {@link Names}
 * @param jitter a run starts up to this much after its time, drawn anew each time, so that not everything starts together
 * @param timeLimit a run that takes longer is cancelled; more than zero
 */
public record JobSpec(
    String name,
    Schedule schedule,
    Duration jitter,
    JobScope scope,
    Misfire misfire,
    Duration timeLimit,
    WhenRemoved whenRemoved) {

  /** What happens to a run whose service goes, because its bundle is swapped or stopped. */
  public enum WhenRemoved {
    /** It may finish, for some seconds; then it is cancelled. */
    FINISH,
    /** It is cancelled at once. */
    CANCEL
  }

  public JobSpec {
    Names.check("job name", name);
    if (jitter.isNegative() || timeLimit.isNegative() || timeLimit.isZero()) {
      throw new IllegalArgumentException("job " + name + ": jitter must not be negative, and the time limit more than zero");
    }
  }

  /** One run in the whole fabric per period, missed periods made up for once, at most ten minutes, may finish when removed. */
  public static JobSpec singleton(String name, Schedule schedule) {
    return new JobSpec(
        name, schedule, Duration.ZERO, JobScope.fabric(), Misfire.LATEST, Duration.ofMinutes(10), WhenRemoved.FINISH);
  }
}
