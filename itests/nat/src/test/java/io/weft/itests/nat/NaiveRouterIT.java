package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.Lab.Flow;
import io.weft.itests.lab.NatFabric;
import io.weft.itests.lab.SteadyTransfer;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Routers whose own input is open: the other side's packet, if it is first, takes the flow that the node inside would need, and the node
 * gets another port outside than it told. Here the routers were hit before the nodes know of each other, so that no hole can open from the
 * port that the nodes have.
 */
class NaiveRouterIT extends PairFabric {

  private static final String STUN_LINE = "relays: [{url: \"stun:" + NatFabric.HUB_ADDRESS + ":" + NatFabric.RELAY_PORT + "\"}]";
  private static final String R1 = "203.0.113.1";
  private static final String R2 = "203.0.113.2";
  private static final int PORT = 7_450;

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aPairWithoutRelayTakesAnotherPort(boolean both) {
    begin(STUN_LINE);
    take(both);
    fabric.connect("a", "b");
    report("direct link, both " + both, fabric.awaitLinked("a", "b", "direct", LINKED_MAX));
    assertThat(usualPorts()).as("the usual ports did not meet").noneMatch(Flow::answered);
    try (SteadyTransfer transfer = transfer()) {
      transfer.awaitMore(2 << 20, Duration.ofSeconds(60));
      transfer.endWhole();
    }
  }

  @Test
  void aPairWithRelayIsNotHungEither() {
    begin(NatFabric.RELAYS_LINE);
    take(true);
    fabric.connect("a", "b");
    report("any link", fabric.awaitEitherWay("a", "b", LINKED_MAX));
    fabric.awaitLinked("a", "b", "direct", UPGRADE_MAX);
  }

  /** Nodes of which no router has heard, and which do not know of each other. */
  private void begin(String servers) {
    List<String> nodes = List.of("a", "b");
    nodes.forEach(node -> fabric.node(node).config().clearLines().line(NatFabric.SIGNALING_LINE).line(servers));
    fabric.restart(nodes);
  }

  /** The packet of the other side that is first. */
  private void take(boolean both) {
    lab().nat("r1", "linux");
    lab().nat("r2", both ? "linux" : "port-restricted");
    send("r2", R2, R1);
    assertThat(lab().flows("r1")).as("the flow is taken").anyMatch(flow -> flow.inside().equals(R2 + ":" + PORT));
    forget("r2", R2);
    if (both) {
      send("r1", R1, R2);
      assertThat(lab().flows("r2")).as("the flow is taken").anyMatch(flow -> flow.inside().equals(R1 + ":" + PORT));
      forget("r1", R1);
    }
  }

  private void send(String router, String from, String to) {
    String program = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(('%s', %d))
        s.sendto(b'first', ('%s', %d))
        """;
    lab().command(router, "python3", "-c", program.formatted(from, PORT, to, PORT)).run().orFail();
  }

  /** What the router itself sent is not what the node behind it sent. Where it was an answer, there is nothing to forget. */
  private void forget(String router, String from) {
    lab().command(router, "conntrack", "-D", "-p", "udp", "--orig-src", from).run();
  }

  /** Flows from one usual port to the other, at both routers. */
  private List<Flow> usualPorts() {
    return List.of("r1", "r2").stream().flatMap(router -> lab().flows(router).stream())
        .filter(flow -> flow.inside().startsWith("10.") && flow.inside().endsWith(":" + PORT))
        .filter(flow -> flow.remote().equals(R1 + ":" + PORT) || flow.remote().equals(R2 + ":" + PORT))
        .toList();
  }
}
