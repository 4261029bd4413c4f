package io.weft.signaling.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.signaling.Broker;
import io.weft.testkit.RealTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalingExaminationTest {

  private static List<HealthStatus> judge(Broker broker) {
    return SignalingExamination.judge(broker).stream().map(HealthResult::status).toList();
  }

  @Test
  void saysWhatIsWrong() {
    assertThat(judge(new Broker("u", true, null, Duration.ZERO))).containsExactly(HealthStatus.ok, HealthStatus.ok);
    assertThat(judge(new Broker("u", true, null, Duration.ofSeconds(-20)))).containsExactly(HealthStatus.ok, HealthStatus.warn);
    assertThat(judge(new Broker("u", false, Reason.of("unreachable", "x"), null))).containsExactly(HealthStatus.critical);
    assertThat(SignalingExamination.judge(new Broker("u", true, null, Duration.ofSeconds(-20))).get(1).message())
        .isEqualTo("the clock of u is 20 s behind ours; let both machines set their clocks by NTP");
  }

  @Test
  void asksTheBrokerNow() throws Exception {
    try (RealTime time = new RealTime();
        io.weft.signaling.server.Broker broker = new io.weft.signaling.server.Broker(time, time);
        Station a = new Station("a", time, time, broker.url()); Station b = new Station("b", time, time)) {
      assertThat(new SignalingExamination(a.signaling).examine().join()).extracting(HealthResult::status)
          .containsExactly(HealthStatus.ok, HealthStatus.ok);
      broker.close();
      assertThat(new SignalingExamination(a.signaling).examine().join().get(0).status()).isEqualTo(HealthStatus.critical);
      assertThat(new SignalingExamination(b.signaling).examine().join()).singleElement()
          .matches(r -> r.message().startsWith("no broker is configured"));
    }
  }
}
