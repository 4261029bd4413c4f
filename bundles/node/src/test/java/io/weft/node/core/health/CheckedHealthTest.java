package io.weft.node.core.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckedHealthTest {

  private static final Map<String, Object> NAMED = Map.of("component.name", "weft.test");

  private final CheckedHealth health = new CheckedHealth(Duration.ofMillis(200));

  @AfterEach
  void close() {
    health.close();
  }

  @Test
  void isOkWhenNobodyHasAnythingToSay() {
    assertThat(health.worst(HealthKind.liveness)).isEqualTo(HealthStatus.ok);
    assertThat(health.results(HealthKind.liveness)).isEmpty();
  }

  @Test
  void worstComesFirstAndKindsStayApart() {
    health.addCheck(says(HealthKind.readiness, HealthStatus.ok), NAMED);
    health.addCheck(says(HealthKind.readiness, HealthStatus.critical), NAMED);
    health.addCheck(says(HealthKind.readiness, HealthStatus.unknown), NAMED);
    health.addCheck(says(HealthKind.posture, HealthStatus.warn), NAMED);

    assertThat(health.results(HealthKind.readiness))
        .extracting(HealthResult::status)
        .containsExactly(HealthStatus.critical, HealthStatus.unknown, HealthStatus.ok);
    assertThat(health.worst(HealthKind.posture)).isEqualTo(HealthStatus.warn);
    assertThat(health.worst(HealthKind.liveness)).isEqualTo(HealthStatus.ok);
  }

  @Test
  void aCheckThatThrowsIsUnknown() {
    health.addCheck(() -> {
      throw new IllegalStateException("oops");
    }, NAMED);

    assertThat(health.results(HealthKind.liveness))
        .containsExactly(
            new HealthResult("weft.test", HealthKind.liveness, HealthStatus.unknown,
                "failed with IllegalStateException; see the log"));
  }

  @Test
  void aCheckThatHangsIsUnknownAndIsAskedOnlyOnce() {
    CountDownLatch gate = new CountDownLatch(1);
    int[] calls = {0};
    health.addCheck(() -> {
      calls[0]++;
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }, NAMED);
    health.addCheck(says(HealthKind.liveness, HealthStatus.ok), NAMED);

    for (int i = 0; i < 6; i++) {
      assertThat(health.results(HealthKind.liveness))
          .extracting(HealthResult::message)
          .containsExactly("did not answer within 200 ms", "message");
    }
    assertThat(calls[0]).isEqualTo(1);
  }

  @Test
  void aCheckThatWentAwayIsNotAsked() {
    HealthCheck check = says(HealthKind.liveness, HealthStatus.critical);
    health.addCheck(check, NAMED);
    health.removeCheck(check);

    assertThat(health.results(HealthKind.liveness)).isEmpty();
  }

  private static HealthCheck says(HealthKind kind, HealthStatus status) {
    return () -> List.of(new HealthResult("x", kind, status, "message"));
  }
}
