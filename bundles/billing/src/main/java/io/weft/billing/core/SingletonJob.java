package io.weft.billing.core;

import io.weft.coordination.Job;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Misfire;
import io.weft.coordination.Schedule;
import java.time.Duration;

/** A job that one node does at a time. */
final class SingletonJob implements Job {

  private static final Duration LIMIT = Duration.ofHours(6);

  private final JobSpec spec;
  private final Singleton singleton;
  private final Singleton.Mode mode;
  private final Singleton.Body body;

  SingletonJob(String name, Schedule schedule, Singleton singleton, Singleton.Mode mode, Singleton.Body body) {
    // A run is cut off nowhere in particular: each step of it stands by itself, and the next run goes on.
    this.spec = new JobSpec(name, schedule, Duration.ZERO, mode.scope(), Misfire.LATEST, LIMIT, JobSpec.WhenRemoved.CANCEL);
    this.singleton = singleton;
    this.mode = mode;
    this.body = body;
  }

  @Override
  public JobSpec spec() {
    return spec;
  }

  @Override
  public void run(JobRun run) throws Exception {
    run.check();
    singleton.run(mode, run, body);
  }
}
