package io.weft.testkit.job;

import io.weft.coordination.JobRun;
import io.weft.node.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A run that a test hands to a job. Any thread. */
public final class FakeJobRun implements JobRun {

  /** What the job said of how far it is. */
  public record Told(String message, double done) {}

  private final String job;
  private final Instant period;
  private final long token;
  private final Clock clock;
  private final long deadline;
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private volatile boolean cancelled;

  /** @param limit how long the run may take, on that clock */
  public FakeJobRun(String job, Instant period, long token, Clock clock, Duration limit) {
    this.job = job;
    this.period = period;
    this.token = token;
    this.clock = clock;
    this.deadline = clock.nanos() + limit.toNanos();
  }

  /** The lease is lost: from now on nothing may be done any more. */
  public void cancel() {
    cancelled = true;
  }

  public List<Told> told() {
    return List.copyOf(told);
  }

  @Override
  public String job() {
    return job;
  }

  @Override
  public Instant period() {
    return period;
  }

  @Override
  public int shard() {
    return 0;
  }

  @Override
  public long token() {
    return token;
  }

  @Override
  public boolean isActive() {
    return !cancelled && deadline - clock.nanos() > 0;
  }

  @Override
  public Duration remaining() {
    return isActive() ? Duration.ofNanos(deadline - clock.nanos()) : Duration.ZERO;
  }

  @Override
  public void progress(String message, double done) {
    told.add(new Told(message, done));
  }
}
