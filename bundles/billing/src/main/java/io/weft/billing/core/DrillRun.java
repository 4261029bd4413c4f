package io.weft.billing.core;

import io.weft.coordination.JobRun;
import io.weft.node.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** A run that a drill makes up. */
final class DrillRun implements JobRun {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Clock clock;
  private final long lease;
  private final long start;
  private final AtomicInteger steps;

  /** @param steps after so many it stops, as if it had died there */
  DrillRun(Clock clock, long lease, int steps) {
    this.clock = clock;
    this.lease = lease;
    this.start = clock.nanos();
    this.steps = new AtomicInteger(steps);
  }

  @Override
  public String job() {
    return "drill";
  }

  @Override
  public Instant period() {
    return clock.now();
  }

  @Override
  public int shard() {
    return 0;
  }

  @Override
  public long token() {
    return lease;
  }

  @Override
  public boolean isActive() {
    return !remaining().isZero() && steps.getAndDecrement() > 0;
  }

  @Override
  public Duration remaining() {
    Duration left = LIMIT.minusNanos(clock.nanos() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public void progress(String message, double done) {}
}
