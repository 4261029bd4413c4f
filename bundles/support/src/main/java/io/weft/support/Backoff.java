package io.weft.support;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Delays between attempts: doubling from {@code first} to {@code most}, each drawn evenly from its upper half ("equal jitter"),
 * so that two that failed together do not try again together. Not thread-safe.
 */
public final class Backoff {

  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private int attempts;

  public Backoff(Duration first, Duration most, RandomGenerator random) {
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** The delay before the next attempt. */
  public Duration next() {
    long ceiling = Math.min(most.toNanos(), first.toNanos() << Math.min(attempts, 20));
    if (ceiling <= 0) {
      ceiling = most.toNanos();
    }
    attempts++;
    return Duration.ofNanos(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }

  /** After a success. */
  public void reset() {
    attempts = 0;
  }
}
