package org.example.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.support.fence.Attempt;
import io.weft.support.fence.FencedEndpoint;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.ManualTime;
import io.weft.testkit.job.FakeJobRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepsTest {

  private final FakeJobRun run = new FakeJobRun("steps", Instant.EPOCH, 7, new ManualTime(), Duration.ofMinutes(1));
  private Consumer<Attempt> heard = attempt -> {};
  private FencedEndpoint endpoint;
  private Steps job;

  @BeforeEach
  void start() throws IOException {
    endpoint = new FencedEndpoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), attempt -> heard.accept(attempt));
    job = steps(endpoint.port(), 3);
  }

  static Steps steps(int port, int count) throws IOException {
    StepsConfig config = FakeConfig.of(StepsConfig.class,
        Map.of("url", "http://127.0.0.1:" + port + "/", "count", count, "pause_ms", 1L, "timeout_ms", 1_000));
    return new Steps(config, new FakeNode(new FakeIdentity("demo", "n"), "demo", 1));
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  @Test
  void everyStepSaysWhoActs() throws Exception {
    job.run(run);
    assertThat(endpoint.record().attempts()).hasSize(3).allSatisfy(attempt -> {
      assertThat(attempt.node()).isEqualTo("n");
      assertThat(attempt.job()).isEqualTo("steps");
      assertThat(attempt.token()).isEqualTo(7);
      assertThat(attempt.accepted()).isTrue();
    });
    assertThat(endpoint.record().violations()).isEmpty();
  }

  @Test
  void asksBeforeEachStep() {
    heard = attempt -> {
      if (endpoint.record().attempts().size() == 2) {
        run.cancel();
      }
    };
    assertThatThrownBy(() -> job.run(run)).isInstanceOf(CancellationException.class);
    assertThat(endpoint.record().attempts()).hasSize(2);
  }

  @Test
  void whatIsRefusedIsAFailure() {
    endpoint.record().attempt("other", "steps", Instant.EPOCH, 8, 1);
    assertThatThrownBy(() -> job.run(run)).isInstanceOf(IOException.class).hasMessageContaining("409");
    assertThat(endpoint.record().attempts()).hasSize(2);
  }

  @Test
  void aStoppedBundleCallsNoMore() {
    job.close();
    assertThatThrownBy(() -> job.run(run)).isInstanceOf(InterruptedException.class);
    assertThat(endpoint.record().attempts()).hasSize(1);
  }
}
