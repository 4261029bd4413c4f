package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration FIRST = Duration.ofMillis(200);
  private static final Duration MOST = Duration.ofSeconds(15);

  @Test
  void doublesWithJitterUpToTheMost() {
    for (int seed = 0; seed < 200; seed++) {
      Backoff backoff = new Backoff(FIRST, MOST, new SplittableRandom(seed));
      Duration ceiling = FIRST;
      for (int i = 0; i < 100; i++) {
        Duration delay = backoff.next();
        assertThat(delay).isBetween(ceiling.dividedBy(2), ceiling);
        ceiling = ceiling.multipliedBy(2).compareTo(MOST) < 0 ? ceiling.multipliedBy(2) : MOST;
      }
    }
  }

  @Test
  void startsOverAfterASuccess() {
    Backoff backoff = new Backoff(FIRST, MOST, new SplittableRandom(1));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
  }

  @Test
  void keepsTwoThatFailedTogetherApart() {
    Set<Duration> delays = new HashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      delays.add(new Backoff(FIRST, MOST, new SplittableRandom(seed)).next());
    }
    assertThat(delays).hasSizeGreaterThan(90);
  }

  @Test
  void survivesDurationsThatOverflowWhenDoubled() {
    Backoff backoff = new Backoff(Duration.ofDays(10_000), Duration.ofDays(100_000), new SplittableRandom(1));
    for (int i = 0; i < 40; i++) {
      assertThat(backoff.next()).isPositive().isLessThanOrEqualTo(Duration.ofDays(100_000));
    }
  }
}
