package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.net.Requests;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two nodes that know nothing but a third one, which is broker and relay. They have no feature {@code hub} themselves, and nobody
 * told them where there is a relay.
 */
class HubIT {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String WITHOUT_HUB = "core,node,ops";

  private static final EchoServer echo = new EchoServer();
  private static final int echoPort = Ports.freeTcp();
  private static final int brokerPort = Ports.freeTcp();
  private static final int relayPort = Ports.freeTcp();
  private static final String RELAY = "turn:127.0.0.1:" + relayPort;
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    NodeConfig hub = node("hub").label("relay", RELAY)
        .line("signaling.server: {listen: \"127.0.0.1:" + brokerPort + "\"}")
        .line("relay: {listen: \"127.0.0.1:" + relayPort + "\"}");
    NodeConfig a = outpost("a", "b", hub).forward("echo", "b", "tcp", "127.0.0.1:" + echoPort);
    NodeConfig b = outpost("b", "a", hub).expose("echo", "tcp", echo.address(), "a");
    hub.peer(a).peer(b);
    fabric = ProcessFabric.of(name -> List.of(), List.of(hub, a, b));
    fabric.node("a").features(WITHOUT_HUB);
    fabric.node("b").features(WITHOUT_HUB);
    fabric.start();
  }

  private static NodeConfig node(String name) {
    return new NodeConfig(name, "127.0.0.1:" + Ports.freeUdp());
  }

  private static NodeConfig outpost(String name, String other, NodeConfig hub) {
    return node(name).peer(hub).peer(other)
        .line("signaling: [\"http://127.0.0.1:" + brokerPort + "\"]")
        .line("path.ice: {allow.loopback: true, relay.only.peers: [" + other + "]}");
  }

  @AfterAll
  static void stop() {
    fabric.close();
    echo.close();
  }

  @Test
  void peersHearWhoRelaysAndUseIt() throws Exception {
    assertThat(fabric.node("a").link("b").toString()).contains("relayed");
    Await.until("the list to be up to date", SOON, () -> relays("a").contains("\"paths\": 1"));
    assertThat(relays("a")).contains("\"url\": \"" + RELAY + "\"").contains("\"source\": \"hub\"").contains("\"problem\": null");
    try (Requests requests = new Requests("127.0.0.1", echoPort)) {
      Await.until("traffic", SOON, () -> requests.answered() > 10);
    }
    String load = fabric.node("hub").weft("relay", "status", "--json").orFail();
    assertThat(load).contains("\"user\": \"a\"").contains("\"user\": \"b\"");
  }

  private static String relays(String node) {
    try {
      return fabric.node(node).ask("relay:list", "--json").out();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aNodeWithoutTheFeatureListensForNobody() {
    NodeProcess a = fabric.node("a");
    assertThat(a.weft("listener", "list", "--json").orFail()).doesNotContain("\"relay\"").doesNotContain("\"signaling\"");
    assertThat(fabric.node("hub").weft("listener", "list", "--json").orFail()).contains("\"relay\"").contains("\"signaling\"");
    assertThat(a.weft("bundle", "list", "--json").orFail()).contains("io.weft.signaling\"")
        .doesNotContain("io.weft.signaling.server").doesNotContain("io.weft.relay");
    Command.Result status = a.weft("relay", "status");
    assertThat(status.exitCode()).isEqualTo(3);
    assertThat(status.err()).contains("io.weft.relay");
  }

  @Test
  void aSectionOfTheFeatureIsRefusedWithoutIt() {
    NodeConfig config = node("lonely").line("relay: {listen: \"127.0.0.1:" + Ports.freeTcp() + "\"}");
    try (ProcessFabric alone = ProcessFabric.alone(config)) {
      NodeProcess lonely = alone.node("lonely").features(WITHOUT_HUB).start();
      assertThat(lonely.awaitExit(SOON)).isNotZero();
      assertThat(lonely.log()).contains("add hub to weft run --features");
    }
  }
}
