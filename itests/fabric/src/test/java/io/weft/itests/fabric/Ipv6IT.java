package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.Ipv6Lab;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes in a world without IPv4: broker, STUN, relay and the direct path. */
class Ipv6IT {

  private static final Duration SOON = Duration.ofSeconds(120);
  private static final int PORT = 7_450;

  private static Ipv6Lab lab;
  private static ProcessFabric fabric;

  @BeforeAll
  static void start() {
    lab = Ipv6Lab.up("hub", "a", "b");
    lab.cut("a", "b");
    String hub = "[" + lab.address("hub") + "]";
    NodeConfig broker = new NodeConfig("hub", hub + ":" + PORT).peer("a").peer("b")
        .line("signaling.server: {listen: \"" + hub + ":7000\"}")
        .line("relay: {listen: \"" + hub + ":3478\"}");
    fabric = ProcessFabric.of(lab::inside, List.of(broker, outpost("a", "b", hub), outpost("b", "a", hub)));
    fabric.nodes().forEach(NodeProcess::start);
  }

  private static NodeConfig outpost(String name, String other, String hub) {
    return new NodeConfig(name, "[::]:" + PORT).peer(other)
        .line("signaling: [\"http://" + hub + ":7000\"]")
        .line("relays: [{url: \"turn:" + hub + ":3478\", secret: \"secret:formation/relay\"}]");
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void peersLinkThroughARelayAndDirectlyAsSoonAsTheyCan() {
    NodeProcess a = fabric.node("a");
    Await.until("a relayed link", SOON, () -> "relayed".equals(path(a).get("type")));
    Await.until("packets that try the direct way", SOON, () -> lab.dropped() > 0);
    Await.until("STUN to say how a is seen", SOON, () -> ask(a, "path:nat").contains("[2a10:2:0:0:0:0:0:2]:" + PORT));
    assertThat(ask(a, "path:nat")).contains("\"kind\": \"none\"");
    Await.until("what the relay lends", SOON, () -> ask(a, "relay:list").contains("\"relayed\": \"[2a10:1:0:0:0:0:0:2]:"));

    lab.mend();

    Await.until("a direct link", SOON, () -> "direct".equals(path(a).get("type")));
    assertThat(ask(a, "path:explain", "b")).contains("[2a10:3:0:0:0:0:0:2").doesNotContain("\"address\": \"127.");
    assertThat(a.linksUp("b")).as("the link stayed").isEqualTo(1);
  }

  private static Map<?, ?> path(NodeProcess node) {
    String answer = ask(node, "path:explain", "b");
    boolean any = answer.startsWith("{");
    return any && JsonReader.read(answer) instanceof Map<?, ?> map && map.get("path") instanceof Map<?, ?> path ? path : Map.of();
  }

  /** The answer as JSON; nothing while the node does not answer yet. */
  private static String ask(NodeProcess node, String... words) {
    try {
      return node.ask(Stream.concat(Stream.of(words), Stream.of("--json")).toArray(String[]::new)).out();
    } catch (IOException notYet) {
      return "";
    }
  }
}
