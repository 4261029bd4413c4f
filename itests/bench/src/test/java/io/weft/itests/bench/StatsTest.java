package io.weft.itests.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsTest {

  @Test
  void medianOfOddAndEvenCounts() {
    assertThat(Stats.median(List.of(3.0, 1.0, 2.0))).isEqualTo(2);
    assertThat(Stats.median(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(2.5);
    assertThat(Stats.median(List.of())).isNaN();
  }

  @Test
  void percentilesAreValuesThatWereSeen() {
    double[] hundred = new double[100];
    for (int i = 0; i < 100; i++) {
      hundred[i] = i + 1;
    }
    assertThat(Stats.percentile(hundred, 99)).isEqualTo(99);
    assertThat(Stats.percentile(new double[] {7}, 99)).isEqualTo(7);
  }

  @Test
  void jainsIndexIsOneForEqualSharesAndOneNthForOneWinner() {
    assertThat(Stats.jain(new double[] {5, 5, 5, 5})).isEqualTo(1);
    assertThat(Stats.jain(new double[] {1, 0, 0, 0})).isEqualTo(0.25);
  }
}
