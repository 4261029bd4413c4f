package io.weft.launcher.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LineRateTest {

  private final LineRate rate = new LineRate();

  private int written(int count, long millis) {
    int written = 0;
    for (int i = 0; i < count; i++) {
      written += rate.next(millis).written() ? 1 : 0;
    }
    return written;
  }

  @Test
  void aFloodIsSampledAndTheNextSecondTells() {
    assertThat(written(LineRate.LINES_MAX, 5_000)).isEqualTo(LineRate.LINES_MAX);
    assertThat(written(1_000, 5_999)).isEqualTo(1_000 / LineRate.SAMPLE);
    assertThat(rate.next(6_000)).isEqualTo(new LineRate.Verdict(true, 990));
    assertThat(rate.next(6_001)).isEqualTo(new LineRate.Verdict(true, 0));
  }

  @Test
  void aSecondHasRoomForManyLines() {
    for (int second = 0; second < 10; second++) {
      assertThat(written(LineRate.LINES_MAX, second * 1_000L)).isEqualTo(LineRate.LINES_MAX);
    }
    assertThat(rate.next(99_000).droppedBefore()).isZero();
  }
}
