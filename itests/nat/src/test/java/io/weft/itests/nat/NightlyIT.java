package io.weft.itests.nat;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.lab.SteadyTransfer;
import io.weft.testkit.Await;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways that are worse, and times that are longer, than what each commit is tested with. */
@Tag("nightly")
class NightlyIT extends PairFabric {

  @Test
  void aVeryLongWay() {
    lab().fault("link", "r1", "delay=375");
    lab().fault("link", "r2", "delay=375");
    fabric.connect("a", "b");
    fabric.awaitEitherWay("a", "b", Duration.ofSeconds(20));
    try (SteadyTransfer transfer = transfer()) {
      transfer.awaitMore(1 << 20, Duration.ofSeconds(30));
      transfer.endWhole();
    }
  }

  /** Level by level worse, on one side. */
  @ParameterizedTest
  @CsvSource({
    "0, delay=10 jitter=5 loss=0.5",
    "1, delay=100 jitter=30 loss=3",
    "2, delay=200 jitter=60 loss=5",
    "3, delay=300 jitter=80 loss=8"
  })
  void aWayThatGetsWorse(int level, String options) {
    lab().fault(("link r1 seed=" + level + " " + options).split(" "));
    fabric.connect("a", "b");
    fabric.awaitEitherWay("a", "b", Duration.ofSeconds(20 + 10L * level));
    try (SteadyTransfer transfer = transfer()) {
      transfer.awaitMore(1 << 20, Duration.ofSeconds(60));
      transfer.endWhole();
    }
  }

  /** A link that is up stays up while so much of what one side sends is lost, and does not go back and forth all the time. */
  @ParameterizedTest
  @CsvSource({"50", "78"})
  void aLinkStaysUpThoughMuchIsLostOneWay(int percent) {
    link("direct");
    long links = linksUp();
    lab().fault("link", "r1", "delay=20");
    lab().fault("loss", "r1", "up=" + percent, "proto=udp");
    long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    Await.until("two minutes", Duration.ofMinutes(3), () -> System.nanoTime() > end);
    assertThat(lab().dropped("r1").up()).isPositive();
    assertThat(linksUp()).as("the link was kept").isEqualTo(links);
    assertThat(fabric.route("a", "b").isUp()).isTrue();
  }

  @Test
  void anIdleLinkOutlivesMappingsForMinutes() {
    link("direct");
    lab().fault("expire", "r1", "30");
    lab().fault("expire", "r2", "30");
    try {
      fabric.awaitLinked("a", "b", "direct", UPGRADE_MAX);
      long links = linksUp();
      long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
      Await.until("three minutes", Duration.ofMinutes(4), () -> System.nanoTime() > end);
      assertThat(linksUp()).isEqualTo(links);
      assertThat(fabric.linked("a", "b", "direct")).isTrue();
    } finally {
      lab().fault("expire", "r1", "120");
      lab().fault("expire", "r2", "120");
    }
  }

  @Test
  void manyLinksThroughBurstsOfLoss() {
    lab().fault("link", "r1", "delay=15", "rate=10", "queue=25", "loss=30", "burst=3", "seed=9");
    assertThat(lostPercent()).isGreaterThan(20);
    for (int i = 0; i < 20; i++) {
      fabric.connect("a", "b");
      fabric.awaitEitherWay("a", "b", Duration.ofSeconds(60));
      fabric.disconnectAll();
    }
  }
}
