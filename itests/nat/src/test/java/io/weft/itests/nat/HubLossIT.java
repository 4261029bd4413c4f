package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.SteadyTransfer;
import io.weft.itests.process.NodeProcess;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hub dies. Links that do not go through it notice nothing; those that do come back with it. */
class HubLossIT extends PairFabric {

  @Override
  @AfterEach
  void reset() {
    if (fabric != null && !fabric.hubNode().isAlive()) {
      fabric.hubNode().start().awaitReady();
    }
    super.reset();
  }

  @Test
  void aDirectLinkDoesNotNotice() {
    link("direct");
    long links = linksUp();
    try (SteadyTransfer transfer = transfer()) {
      fabric.hubNode().kill();
      transfer.longestPause();
      transfer.awaitMore(10 << 20, Duration.ofSeconds(60));
      pauseWasShort("while the hub is gone", transfer);
      assertThat(fabric.linked("a", "b", "direct")).isTrue();
      assertThat(linksUp()).as("the link was kept").isEqualTo(links);
      transfer.endWhole();
    }
  }

  @Test
  void aRelayedLinkComesBackWithTheRelay() {
    lab().fault("partition", "r1", "peer=r2");
    link("relayed");
    NodeProcess hub = fabric.hubNode();
    hub.kill();
    hub.start().awaitReady();
    fabric.awaitLinked("a", "b", "relayed", UPGRADE_MAX);
    try (SteadyTransfer transfer = transfer()) {
      transfer.awaitMore(1 << 20, Duration.ofSeconds(60));
      transfer.endWhole();
    }
  }
}
