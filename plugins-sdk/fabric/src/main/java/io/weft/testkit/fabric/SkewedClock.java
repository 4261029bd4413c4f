package io.weft.testkit.fabric;

import io.weft.node.Clock;
import java.time.Duration;
import java.time.Instant;

/** The time of the test as a node with a wrong wall clock reads it. Its monotonic clock is right, as that of a machine is. */
final class SkewedClock implements Clock {

  private final Clock right;
  private volatile Duration wrongBy = Duration.ZERO;

  SkewedClock(Clock right) {
    this.right = right;
  }

  void wrongBy(Duration by) {
    wrongBy = by;
  }

  @Override
  public Instant now() {
    return right.now().plus(wrongBy);
  }

  @Override
  public long nanos() {
    return right.nanos();
  }
}
