package io.weft.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Examination;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DoctorTest {

  private final Rig rig = new Rig();

  private void finds(String name, HealthStatus status) {
    rig.examinations.add(new SampleExamination(name, new HealthResult(name, HealthKind.readiness, status, name + " says so")));
  }

  private void add(String name, CompletableFuture<List<HealthResult>> future) {
    rig.examinations.add(new Examination() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public CompletableFuture<List<HealthResult>> examine() {
        if (future == null) {
          throw new IllegalStateException("broken");
        }
        return future;
      }
    });
  }

  @Test
  void whatIsWellOrCouldBeBetterIsNoFailure() {
    finds("udp", HealthStatus.ok);
    finds("limits", HealthStatus.warn);
    Rig.Result result = rig.run("doctor");
    assertThat(result.exit()).isZero();
    assertThat(result.out()).containsSubsequence("limits says so", "udp says so");
  }

  @Test
  void whatIsWrongOrUnknownFails() {
    finds("udp", HealthStatus.critical);
    assertThat(rig.run("doctor").exit()).isEqualTo(1);
    rig.examinations.clear();
    finds("udp", HealthStatus.unknown);
    Rig.Result result = rig.run("doctor", "--json");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("\"status\": \"unknown\"");
  }

  @Test
  void oneThatIsBrokenDoesNotHideTheOthers() {
    add("bad", null);
    add("worse", CompletableFuture.failedFuture(new IllegalStateException("really")));
    finds("udp", HealthStatus.ok);
    Rig.Result result = rig.run("doctor");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("broken").contains("really").contains("udp says so");
  }

  @Test
  void aPersonSeesHowItGoesOn() {
    rig.tty = true;
    finds("udp", HealthStatus.ok);
    assertThat(rig.run("doctor").out()).contains("looking at udp").contains("udp: ");
  }
}
