package io.weft.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.NodeState;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StartWatchTest {

  private final ManualTime time = new ManualTime();
  private final NodeService node = new NodeService(TestConfig.of("a"), Path.of("home"), "1", time, time);
  private final List<String> missing = new ArrayList<>(List.of("weft.mesh waits for identity"));
  private Executor worker = Runnable::run;
  private final Configured configured = new Configured() {
    @Override
    public String sharedDigest() {
      return "";
    }

    @Override
    public Set<String> pids() {
      return Set.of("weft.mesh");
    }
  };
  private final StartWatch watch = new StartWatch(node, pids -> {
    assertThat(pids).containsExactly("weft.mesh");
    return new ArrayList<>(missing);
  }, configured, time, time, task -> worker.execute(task));

  private HealthResult of(HealthKind kind) {
    return watch.check().stream().filter(result -> result.kind() == kind).findFirst().orElseThrow();
  }

  @Test
  void beforeItLookedNothingIsKnownToBeThere() {
    assertThat(of(HealthKind.liveness).status()).isEqualTo(HealthStatus.ok);
    assertThat(of(HealthKind.readiness)).isEqualTo(
        new HealthResult("node", HealthKind.readiness, HealthStatus.critical, "starting, but the bundles are starting"));
  }

  @Test
  void saysWhatIsMissingUntilItComes() {
    time.advance(Duration.ofMillis(50));
    assertThat(of(HealthKind.readiness).message())
        .isEqualTo("starting, but weft.mesh waits for identity; the node has no identity");
    assertThat(node.state()).isEqualTo(NodeState.starting);

    missing.clear();
    time.advance(Duration.ofMillis(50));
    assertThat(of(HealthKind.readiness).message()).isEqualTo("starting, but the node has no identity");
  }

  @Test
  void goesOnLookingAtASlowerPace() {
    node.identity = new FakeIdentity("demo", "a");
    missing.clear();
    time.advance(Duration.ofMillis(20));
    assertThat(node.state()).isEqualTo(NodeState.ready);
    assertThat(of(HealthKind.readiness)).isEqualTo(new HealthResult("node", HealthKind.readiness, HealthStatus.ok, "ready"));
    assertThat(time.untilNext()).contains(Duration.ofSeconds(2));
  }

  @Test
  void aNodeThatLeavesIsNotReady() throws Exception {
    node.leave(Duration.ofSeconds(1)).toCompletableFuture().get(5, TimeUnit.SECONDS);
    time.advance(Duration.ofMillis(50));
    assertThat(of(HealthKind.readiness).message()).startsWith("is le");
    assertThat(of(HealthKind.readiness).status()).isEqualTo(HealthStatus.critical);
  }

  @Test
  void aWatchThatLostItsThreadIsNotAlive() {
    worker = task -> { };
    time.advance(Duration.ofSeconds(29));
    assertThat(of(HealthKind.liveness).status()).isEqualTo(HealthStatus.ok);
    time.advance(Duration.ofSeconds(2));
    assertThat(of(HealthKind.liveness)).isEqualTo(
        new HealthResult("node", HealthKind.liveness, HealthStatus.critical, "stuck for 31 s; restart the process"));
  }

  @Test
  void leavesNoTimerBehind() {
    watch.close();
    assertThat(time.pending()).isZero();
  }
}
