package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.net.Requests;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One node is hurt; the link between the other two must not notice, and all must be well again by itself. */
class HealingIT {

  private static final Duration NOTICED = Duration.ofSeconds(60);

  private static final EchoServer echo = new EchoServer();
  private static final int port = Ports.freeTcp();
  private static ProcessFabric fabric;

  private Requests requests;
  private long linksBefore;

  @BeforeAll
  static void start() {
    fabric = ProcessFabric.of(HealingIT::configure, "a", "b", "c").start();
  }

  @AfterAll
  static void stop() {
    fabric.close();
    echo.close();
  }

  private static void configure(NodeConfig node) {
    switch (node.name()) {
      case "a" -> node.forward("echo", "b", "tcp", "127.0.0.1:" + port);
      case "b" -> node.expose("echo", "tcp", echo.address(), "a");
      default -> { }
    }
  }

  @BeforeEach
  void startTraffic() {
    fabric.awaitLinks();
    linksBefore = fabric.node("a").linksUp("b");
    requests = new Requests("127.0.0.1", port);
    Await.until("traffic", Duration.ofSeconds(10), () -> requests.answered() > 10);
  }

  @AfterEach
  void stopTraffic() throws InterruptedException {
    requests.close();
  }

  @Test
  void aKilledNodeComesBack() throws Exception {
    NodeProcess c = fabric.node("c");
    c.kill();
    awaitNotUp("a", "c");
    c.start().awaitReady();
    fabric.awaitLinks();
    assertOthersUntouched();
  }

  @Test
  void aPausedNodeIsNoticedAndHeals() throws Exception {
    NodeProcess c = fabric.node("c");
    c.pause();
    awaitNotUp("a", "c");
    awaitNotUp("b", "c");
    c.resume();
    fabric.awaitLinks();
    assertOthersUntouched();
  }

  @Test
  void aNodeThatLeavesSaysSoAndEndsWell() throws Exception {
    NodeProcess c = fabric.node("c");
    assertThat(c.terminate(Duration.ofSeconds(10))).isZero();
    awaitNotUp("a", "c");
    assertThat(fabric.node("a").log()).contains("link down peer=c reason=\"leaving");
    c.start().awaitReady();
    fabric.awaitLinks();
    assertOthersUntouched();
  }

  @Test
  void bothEndsRestartedAtOnceConverge() throws Exception {
    requests.close(); // these nodes carry the traffic
    fabric.node("a").kill();
    fabric.node("b").kill();
    fabric.node("a").start();
    fabric.node("b").start();
    fabric.awaitLinks();
    try (Requests again = new Requests("127.0.0.1", port)) {
      Await.until("traffic after the restart", Duration.ofSeconds(20), () -> again.answered() > 100);
    }
  }

  private static void awaitNotUp(String node, String peer) {
    Await.until(node + " to notice that " + peer + " is gone", NOTICED, () -> !"up".equals(fabric.node(node).link(peer).get("state")));
  }

  private void assertOthersUntouched() throws InterruptedException {
    requests.close();
    assertThat(requests.failures()).isEmpty();
    assertThat(fabric.node("a").linksUp("b")).as("links between the others").isEqualTo(linksBefore);
  }
}
