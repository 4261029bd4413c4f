package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.Lab;
import io.weft.itests.lab.NatFabric;
import io.weft.itests.lab.SteadyTransfer;
import io.weft.itests.process.NodeConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** Nodes a and b behind routers r1 and r2 (r3 is free), which every test finds unlinked and without faults. */
@Tag("nightly")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PairFabric {

  // Generous, for machines with other work. What a quiet one needs is printed, GridIT has the times in which links come up, and
  // VirtualGridTest of path.ice those in which they are repaired.
  static final Duration LINKED_MAX = Duration.ofSeconds(30);
  static final Duration AGAIN_MAX = Duration.ofSeconds(30);
  static final Duration UPGRADE_MAX = Duration.ofSeconds(60);
  static final Duration PAUSE_MAX = Duration.ofSeconds(8);
  static final double MEGABYTES_PER_SECOND = 2;

  NatFabric fabric;
  private boolean roamed;

  @BeforeAll
  void start() {
    fabric = NatFabric.up("pair", "pair", configure(), "a", "b");
    started();
    fabric.warmUp(List.of(List.of("a", "b")));
  }

  @AfterAll
  void stop() {
    if (fabric != null) {
      fabric.close();
    }
  }

  Consumer<NodeConfig> configure() {
    return node -> { };
  }

  /** The nodes run, and have not looked for each other. */
  void started() {}

  @AfterEach
  void reset() {
    if (fabric == null) {
      return;
    }
    lab().restore();
    for (String router : new String[] {"r1", "r2"}) {
      lab().fault("udp", router, "on");
      lab().nat(router, "port-restricted");
    }
    if (roamed) {
      roam("r1", "10.1.0.2");
      roamed = false;
    }
    fabric.disconnectAll();
  }

  Lab lab() {
    return fabric.lab();
  }

  void link(String way) {
    fabric.connect("a", "b");
    report(way + " link", fabric.awaitLinked("a", "b", way, LINKED_MAX));
  }

  /** How long bytes stood still since this was last asked, at most. */
  Duration pauseWasShort(String of, SteadyTransfer transfer) {
    Duration pause = transfer.longestPause();
    report("pause, " + of, pause);
    assertThat(pause).as("pause, " + of).isLessThan(PAUSE_MAX);
    return pause;
  }

  void report(String what, Duration took) {
    System.out.println(getClass().getSimpleName() + ": " + what + ": " + took.toMillis() + " ms");
  }

  void roam(String via, String address) {
    roamed = true;
    lab().fault("roam", "a", "via=" + via, "ip=" + address);
  }

  SteadyTransfer transfer() {
    return fabric.transfer("b", "a", MEGABYTES_PER_SECOND);
  }

  long linksUp() {
    return fabric.node("a").linksUp("b") + fabric.node("b").linksUp("a");
  }

  /** Packets that a sends to the hub and that get no answer, in percent. */
  double lostPercent() {
    String out = lab().command("a", "ping", "-c", "200", "-i", "0.005", "-W", "1", "-q", NatFabric.HUB_ADDRESS).run().out();
    return Double.parseDouble(out.replaceAll("(?s).* ([0-9.]+)% packet loss.*", "$1"));
  }
}
