package io.weft.installer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrialTest {

  private static final List<String> WELL = List.of();
  private static final List<String> UNWELL = List.of("links are down");

  private final Trial trial = new Trial(0, Duration.ofSeconds(120), Duration.ofSeconds(30));

  private Optional<Trial.Verdict> at(long second, List<String> unwell) {
    return trial.look(Duration.ofSeconds(second).toNanos(), Optional.empty(), unwell);
  }

  @Test
  void isKeptAfterBeingWellForLongEnough() {
    assertThat(at(119, WELL)).isEmpty();
    assertThat(at(120, WELL)).contains(new Trial.Verdict(true, "kept"));
  }

  @Test
  void beginsAnewAfterBeingUnwellForAMoment() {
    assertThat(at(100, UNWELL)).isEmpty();
    assertThat(at(129, UNWELL)).isEmpty();
    assertThat(at(130, WELL)).isEmpty();
    assertThat(at(249, WELL)).isEmpty();
    assertThat(at(250, WELL)).map(Trial.Verdict::keep).contains(true);
  }

  @Test
  void isTakenBackAfterBeingUnwellForLong() {
    assertThat(at(10, UNWELL)).isEmpty();
    assertThat(at(40, UNWELL)).contains(new Trial.Verdict(false, "the node was unwell for 30 s: links are down"));
  }

  @Test
  void whatIsFatalDoesNotWait() {
    assertThat(trial.look(1, Optional.of("it does not start"), WELL)).contains(new Trial.Verdict(false, "it does not start"));
  }
}
