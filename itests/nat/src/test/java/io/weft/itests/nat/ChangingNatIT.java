package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.Lab.Flow;
import io.weft.itests.lab.NatFabric;
import io.weft.itests.lab.SteadyTransfer;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** NATs that forget, move and misbehave under a link that is in use. Bytes go on, on the same link, and every one is right. */
class ChangingNatIT extends PairFabric {

  private static final String R1 = "203.0.113.1";
  private static final String R2 = "203.0.113.2";
  private static final String MOVED = "203.0.113.77";

  @ParameterizedTest
  @ValueSource(strings = {"ports", "address"})
  void aRebindingIsFollowed(String what) {
    link("direct");
    try (SteadyTransfer transfer = transfer()) {
      long links = linksUp();
      Set<String> before = outside();
      transfer.longestPause();
      if (what.equals("address")) {
        lab().fault("rebind", "r1", "addr=" + MOVED);
      } else {
        lab().fault("rebind", "r1");
      }
      Await.until("another mapping", Duration.ofSeconds(10),
          () -> !outside().isEmpty() && outside().stream().noneMatch(before::contains));
      Await.until("b to reach a where it is now", AGAIN_MAX,
          () -> fabric.linked("a", "b", "direct") && outside().contains(fabric.route("b", "a").address()));
      transfer.awaitMore(4 << 20, Duration.ofSeconds(60));
      pauseWasShort("another " + what, transfer);
      assertThat(linksUp()).as("the link was kept").isEqualTo(links);
      transfer.endWhole();
    } finally {
      if (what.equals("address")) {
        lab().fault("rebind", "r1", "addr=" + R1);
      }
    }
  }

  @Test
  void aNodeRoams() {
    link("direct");
    try (SteadyTransfer transfer = transfer()) {
      long links = linksUp();
      transfer.longestPause();
      roam("r3", "10.3.0.9");
      Await.until("a behind the other router", Duration.ofSeconds(10), () -> !lab().flows("r3").isEmpty());
      fabric.awaitLinked("a", "b", "direct", AGAIN_MAX);
      transfer.awaitMore(4 << 20, Duration.ofSeconds(60));
      pauseWasShort("another router", transfer);
      roam("inet", "198.51.100.99");
      Await.until("a without a NAT", Duration.ofSeconds(10), () -> fabric.route("b", "a").address().startsWith("198.51.100.99:"));
      fabric.awaitLinked("a", "b", "direct", AGAIN_MAX);
      transfer.awaitMore(4 << 20, Duration.ofSeconds(60));
      assertThat(linksUp()).as("the link was kept").isEqualTo(links);
      transfer.endWhole();
    }
  }

  @Test
  void mappingsThatDieSoonAreKeptAlive() {
    link("direct");
    lab().fault("expire", "r1", "10");
    lab().fault("expire", "r2", "10");
    try {
      fabric.awaitLinked("a", "b", "direct", AGAIN_MAX);
      long links = linksUp();
      long end = System.nanoTime() + Duration.ofSeconds(45).toNanos();
      Await.until("a time without traffic", Duration.ofSeconds(60), () -> System.nanoTime() > end);
      try (SteadyTransfer transfer = transfer()) {
        assertThat(transfer.bytes()).isPositive();
        pauseWasShort("the first bytes after a silence", transfer);
      }
      assertThat(linksUp()).as("the link was kept").isEqualTo(links);
    } finally {
      lab().fault("expire", "r1", "120");
      lab().fault("expire", "r2", "120");
    }
  }

  /**
   * Routers whose own input is open: the other side's packet, if it is first, takes the flow that the node inside would need, and the
   * node gets another port outside than it told. Here both routers were hit before the nodes know of each other, so no hole can open.
   */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aNaiveRouterDoesNotHangAPair(boolean both) {
    lab().nat("r1", "linux");
    lab().nat("r2", both ? "linux" : "port-restricted");
    int portA = outsidePort("r1");
    int portB = outsidePort("r2");
    String taking = """
        import socket
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(('%s', %d))
        s.sendto(b'first', ('%s', %d))
        """;
    lab().command("r2", "python3", "-c", taking.formatted(R2, portB, R1, portA)).run().orFail();
    assertThat(lab().flows("r1")).as("the flow is taken").anyMatch(flow -> flow.inside().equals(R2 + ":" + portB));
    fabric.connect("a", "b");
    Await.until("any link", LINKED_MAX, () -> fabric.route("a", "b").isUp() && fabric.route("b", "a").isUp());
  }

  /** The port of a router through which the node's own port is seen at the hub. */
  private int outsidePort(String router) {
    String inside = router.equals("r1") ? "10.1.0.2:7450" : "10.2.0.2:7450";
    Await.until("a flow through " + router, Duration.ofSeconds(40),
        () -> lab().flows(router).stream().anyMatch(f -> f.inside().equals(inside)));
    Flow flow = lab().flows(router).stream().filter(f -> f.inside().equals(inside)).findFirst().orElseThrow();
    return Integer.parseInt(flow.outside().replaceAll(".*:", ""));
  }

  /** What a is outside, towards b. */
  private Set<String> outside() {
    return lab().flows("r1").stream().filter(flow -> !flow.remote().startsWith(NatFabric.HUB_ADDRESS)).map(Flow::outside)
        .collect(Collectors.toSet());
  }
}
