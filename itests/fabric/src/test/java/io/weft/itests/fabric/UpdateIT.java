package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.net.Requests;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bundles that carry the traffic are updated under it, on either side: no request is lost, on short connections and on one that is kept. */
class UpdateIT {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int ROUNDS = 2;

  private static EchoServer echo;
  private static int port;
  private static ProcessFabric fabric;

  private Requests requests;

  @BeforeAll
  static void start() {
    echo = new EchoServer();
    port = Ports.freeTcp();
    fabric = ProcessFabric.of(config -> {
      if (config.name().equals("b")) {
        config.expose("echo", "tcp", echo.address(), "a");
      } else {
        config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
      }
    }, "a", "b").start();
  }

  @AfterAll
  static void stop() {
    fabric.close();
    echo.close();
  }

  @BeforeEach
  void startTraffic() {
    fabric.awaitLinks();
    requests = new Requests("127.0.0.1", port);
    awaitMore();
  }

  @AfterEach
  void stopTraffic() throws InterruptedException {
    requests.close();
  }

  @Test
  void forwarding() throws Exception {
    long linksBefore = fabric.node("a").linksUp("b");
    update("io.weft.forward");
    assertThat(fabric.node("a").linksUp("b")).as("links").isEqualTo(linksBefore);
  }

  @Test
  void theTransport() throws Exception {
    update("io.weft.transport.quic");
  }

  private void update(String bundle) throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      for (NodeProcess node : List.of(fabric.node("a"), fabric.node("b"))) {
        node.ask("bundle:update", bundle, "--yes").orFail();
        awaitMore();
      }
    }
    requests.close();
    assertThat(requests.failures()).isEmpty();
  }

  private void awaitMore() {
    long now = requests.answered();
    Await.until("more answers", LONG, () -> requests.answered() > now + 100 || !requests.failures().isEmpty());
  }
}
