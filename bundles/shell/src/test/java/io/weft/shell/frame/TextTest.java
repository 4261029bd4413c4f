package io.weft.shell.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TextTest {

  @Test
  void bytes() {
    assertThat(Text.bytes(0)).isEqualTo("0 B");
    assertThat(Text.bytes(1023)).isEqualTo("1023 B");
    assertThat(Text.bytes(1024)).isEqualTo("1.0 KiB");
    assertThat(Text.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Text.bytes(10 * 1024)).isEqualTo("10 KiB");
    assertThat(Text.bytes(1024 * 1024 - 1)).isEqualTo("1.0 MiB");
    assertThat(Text.bytes(Long.MAX_VALUE)).isEqualTo("8.0 EiB");
  }

  @Test
  void durations() {
    assertThat(Text.duration(Duration.ofSeconds(-1))).isEqualTo("0s");
    assertThat(Text.duration(Duration.ofSeconds(59))).isEqualTo("59s");
    assertThat(Text.duration(Duration.ofSeconds(192))).isEqualTo("3m 12s");
    assertThat(Text.duration(Duration.ofMinutes(125))).isEqualTo("2h 5m");
    assertThat(Text.duration(Duration.ofHours(76))).isEqualTo("3d 4h");
    assertThat(Text.time(Instant.parse("2026-01-01T01:02:03Z"))).isEqualTo("2026-01-01 01:02:03Z");
  }

  @Test
  void roundTrips() {
    assertThat(Text.millis(-1)).isEqualTo("-");
    assertThat(Text.millis(Double.NaN)).isEqualTo("-");
    assertThat(Text.millis(0.412)).isEqualTo("0.41 ms");
    assertThat(Text.millis(41.23)).isEqualTo("41.2 ms");
    assertThat(Text.millis(412.3)).isEqualTo("412 ms");
  }

  @Test
  void counts() {
    assertThat(Text.count(1, "link")).isEqualTo("1 link");
    assertThat(Text.count(0, "link")).isEqualTo("0 links");
  }
}
