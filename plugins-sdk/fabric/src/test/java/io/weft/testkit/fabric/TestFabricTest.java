package io.weft.testkit.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.transport.RawChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TestFabricTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static TestFabric whole(long seed, String... names) {
    TestFabric fabric = TestFabric.of(seed, names);
    fabric.whole();
    return fabric;
  }

  private static void echo(TestNode node) {
    node.fabric().expose(new ExposedService("echo", ChannelKind.stream, "test", Set.of("*")), stream -> {
      try (stream) {
        stream.input().transferTo(stream.output());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static byte[] echoed(TestFabric fabric, String from, String to, byte[] sent) {
    return fabric.blocking(() -> {
      try (ByteStream stream = fabric.node(from).fabric().open(to, "echo", MINUTE).get()) {
        stream.output().write(sent);
        stream.output().close();
        return stream.input().readAllBytes();
      }
    });
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    new SplittableRandom(1).nextBytes(bytes);
    return bytes;
  }

  @Test
  void linksItsNodesAndCarriesStreamsBetweenBlockingCode() {
    try (TestFabric fabric = whole(1, "a", "b", "c")) {
      echo(fabric.node("c"));
      byte[] sent = bytes(200_000);
      assertThat(echoed(fabric, "a", "c", sent)).isEqualTo(sent);
    }
  }

  @Test
  void aSplitIsNoticedAndHeals() {
    try (TestFabric fabric = whole(2, "a", "b", "c")) {
      fabric.split("c");
      fabric.until("both sides to notice", MINUTE,
          () -> !fabric.node("a").isUp("c") && !fabric.node("b").isUp("c") && !fabric.node("c").isUp("a"));
      assertThat(fabric.node("a").isUp("b")).isTrue();
      fabric.heal();
      fabric.whole();
    }
  }

  @Test
  void oneDirectionCanBeCut() {
    try (TestFabric fabric = whole(3, "a", "b")) {
      fabric.cut("a", "b");
      fabric.until("b to hear no more of a", MINUTE, () -> !fabric.node("b").isUp("a"));
    }
  }

  @Test
  void slowLinksTakeTheirTime() {
    try (TestFabric fabric = whole(4, "a", "b")) {
      echo(fabric.node("b"));
      fabric.slow("a", "b", Duration.ofMillis(200));
      long begun = fabric.time().nanos();
      byte[] sent = bytes(1_000);
      assertThat(echoed(fabric, "a", "b", sent)).isEqualTo(sent);
      assertThat(Duration.ofNanos(fabric.time().nanos() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(800));
    }
  }

  @Test
  void droppedDatagramsAreGoneAndStreamsAreWhole() {
    try (TestFabric fabric = whole(5, "a", "b")) {
      Datagrams there = Datagrams.served(fabric.node("b"));
      echo(fabric.node("b"));
      RawChannel channel = Datagrams.open(fabric, "a", "b");
      fabric.drop("a", "b", 0.3);
      Datagrams.send(channel, 1_000);
      fabric.run(Duration.ofSeconds(1));
      assertThat(there.arrived).hasSizeBetween(600, 800).isSorted();
      byte[] sent = bytes(200_000);
      assertThat(echoed(fabric, "a", "b", sent)).isEqualTo(sent);
    }
  }

  @Test
  void reorderedDatagramsAllArrive() {
    try (TestFabric fabric = whole(6, "a", "b")) {
      Datagrams there = Datagrams.served(fabric.node("b"));
      RawChannel channel = Datagrams.open(fabric, "a", "b");
      fabric.reorder("a", "b", Duration.ofMillis(50));
      Datagrams.send(channel, 200);
      fabric.run(Duration.ofMillis(40));
      assertThat(there.arrived.size()).isBetween(100, 199);
      fabric.run(Duration.ofMillis(20));
      assertThat(there.arrived).hasSize(200).doesNotHaveDuplicates();
      assertThat(there.arrived).isNotEqualTo(there.arrived.stream().sorted().toList());
    }
  }

  @Test
  void aCrashIsToldNobodyAndSessionsEndByThemselves() {
    try (TestFabric fabric = whole(7, "a", "b")) {
      Session session = fabric.get(fabric.node("b").dcs().open("b", Duration.ofSeconds(10)));
      fabric.get(fabric.node("b").dcs().put("alive/b", new byte[1], Expect.any(), session));
      fabric.crash("b");
      assertThatThrownBy(() -> fabric.node("b")).hasMessageContaining("no node b runs");
      assertThat(fabric.node("a").isUp("b")).isTrue();
      fabric.until("a to notice", MINUTE, () -> !fabric.node("a").isUp("b"));
      fabric.run(Duration.ofSeconds(15));
      assertThat(fabric.get(fabric.node("a").dcs().get("alive/b", ReadMode.LINEARIZABLE))).isEmpty();
      fabric.start("b");
      fabric.whole();
    }
  }

  @Test
  void aFrozenNodeComesBack() {
    try (TestFabric fabric = whole(8, "a", "b")) {
      fabric.freeze("b");
      fabric.until("a to notice", MINUTE, () -> !fabric.node("a").isUp("b"));
      fabric.thaw("b");
      fabric.whole();
    }
  }

  @Test
  void wallClocksCanBeWrong() {
    try (TestFabric fabric = whole(9, "a", "b")) {
      fabric.skew("b", Duration.ofHours(-2));
      TestNode a = fabric.node("a");
      TestNode b = fabric.node("b");
      assertThat(Duration.between(b.clock().now(), a.clock().now())).isEqualTo(Duration.ofHours(2));
      assertThat(b.clock().nanos()).isEqualTo(a.clock().nanos());
      fabric.run(MINUTE);
      assertThat(a.isUp("b")).isTrue();
    }
  }

  @Test
  void aSeedTellsOneStoryAlways() {
    List<String> story = story(11);
    assertThat(story).hasSizeGreaterThan(20).isEqualTo(story(11)).isNotEqualTo(story(12));
  }

  private static List<String> story(long seed) {
    List<String> events = new ArrayList<>();
    try (TestFabric fabric = TestFabric.of(seed, "a", "b", "c")) {
      fabric.nodes().forEach(node -> node.links().watch(
          link -> events.add(fabric.time().nanos() + " " + node.name() + "-" + link.peer() + " " + link.state())));
      fabric.run(Duration.ofSeconds(10));
      fabric.slow("a", "b", Duration.ofMillis(30));
      fabric.drop("b", "c", 0.2);
      fabric.split("a");
      fabric.run(MINUTE);
      fabric.heal();
      fabric.run(MINUTE);
    }
    return events;
  }

  @Test
  void saysWhatDidNotHappenAndWithWhichSeed() {
    try (TestFabric fabric = TestFabric.of(13, "a", "b")) {
      assertThatThrownBy(() -> fabric.until("pigs to fly", Duration.ofSeconds(1), () -> false))
          .isInstanceOf(AssertionError.class).hasMessage("pigs to fly: not within PT1S; seed 13");
      assertThatThrownBy(() -> fabric.blocking(() -> {
        throw new IOException("torn");
      })).isInstanceOf(CompletionException.class).hasRootCauseMessage("torn");
      assertThatThrownBy(() -> fabric.start("a")).hasMessageContaining("that does not run can start, not a");
      assertThatThrownBy(() -> fabric.drop("a", "b", 2)).hasMessage("loss is a share from 0 to 1, not 2.0");
      assertThatThrownBy(() -> fabric.slow("a", "b", Duration.ofMillis(-1))).hasMessageContaining("nothing arrives before it was sent");
    }
  }

  @Test
  void leavesNoTimer() {
    TestFabric fabric = whole(14, "a", "b", "c");
    echo(fabric.node("b"));
    echoed(fabric, "a", "b", bytes(10_000));
    fabric.close();
    fabric.run(MINUTE);
    assertThat(fabric.time().pending()).isZero();
  }
}
