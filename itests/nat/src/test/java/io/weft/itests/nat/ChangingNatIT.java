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
import org.junit.jupiter.params.provider.ValueSource;

/** NATs that forget and move under a link that is in use. Bytes go on, on the same link, and every one is right. */
class ChangingNatIT extends PairFabric {

  private static final String R1 = "203.0.113.1";
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

  /** What a is outside, towards b. */
  private Set<String> outside() {
    return lab().flows("r1").stream().filter(flow -> !flow.remote().startsWith(NatFabric.HUB_ADDRESS)).map(Flow::outside)
        .collect(Collectors.toSet());
  }
}
