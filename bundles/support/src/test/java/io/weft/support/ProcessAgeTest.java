package io.weft.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ProcessAgeTest {

  @Test
  void readsWhatTheKernelSays() {
    String stat = "77 (a) b (c) S 1 77 77 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 31 0 123456 1 2 3";

    assertThat(ProcessAge.of(stat, "1236.81 2400.00\n")).isEqualTo(Duration.ofMillis(2250));
  }

  @Test
  void isAboutWhatTheJdkSays() {
    Duration jdk = Duration.between(ProcessHandle.current().info().startInstant().orElseThrow(), Instant.now());

    assertThat(ProcessAge.now()).isCloseTo(jdk, Duration.ofMillis(1_500));
  }
}
