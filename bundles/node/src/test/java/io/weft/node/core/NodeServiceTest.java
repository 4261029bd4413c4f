package io.weft.node.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.node.NodeState;
import io.weft.testkit.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NodeServiceTest {

  private final ManualTime time = new ManualTime();
  private final NodeService node = new NodeService(TestConfig.of("a", "site=home", "plain"), Path.of("home"), "1.2.3", time,
      time);

  @Test
  void saysWhatItWasTold() {
    assertThat(node.name()).isEqualTo("a");
    assertThat(node.fabric()).isEqualTo("demo");
    assertThat(node.version()).isEqualTo("1.2.3");
    assertThat(node.home()).isAbsolute();
    assertThat(node.labels()).isEqualTo(Map.of("site", "home", "plain", ""));
    assertThat(node.state()).isEqualTo(NodeState.starting);
    assertThat(node.sharedDigest()).isEmpty();
  }

  @Test
  void labelsChangeWhileRunning() {
    node.modified(TestConfig.of("a", "site=away"));

    assertThat(node.labels()).isEqualTo(Map.of("site", "away"));
  }

  @Test
  void hasNoIdBeforeItsIdentityIsKnown() {
    assertThatThrownBy(node::id)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("this node has no identity yet: its formation secret could not be read so far");
  }

  @Test
  void leavesOnceAndNeverBecomesReadyAgain() throws Exception {
    CompletionStage<Void> left = node.leave(Duration.ofSeconds(1));
    left.toCompletableFuture().get(5, TimeUnit.SECONDS);

    assertThat(node.state()).isEqualTo(NodeState.left);
    node.leave(Duration.ofSeconds(1)).toCompletableFuture().get(5, TimeUnit.SECONDS);
    node.everythingIsThere();
    assertThat(node.state()).isEqualTo(NodeState.left);
  }
}
