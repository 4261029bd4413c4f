package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.Unpooled;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.directory.Peer;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.mesh.wire.Frame;
import io.weft.node.Reason;
import io.weft.testkit.FakeIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Bounds that no story elsewhere runs into. */
class MeshLimitsTest {

  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final List<Sim> sims = new ArrayList<>();
  private final Logger log = (Logger) LoggerFactory.getLogger("io.weft.mesh");

  @BeforeEach
  void listen() {
    log.setLevel(Level.INFO);
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void stopListening() {
    sims.forEach(Sim::close);
    log.detachAppender(logged);
    log.setLevel(null);
  }

  private Sim sim(Map<String, Object> limits, String... names) {
    Sim sim = new Sim(1, limits, names);
    sims.add(sim);
    return sim;
  }

  private List<String> lines(String event) {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).filter(m -> m.startsWith(event + " ")).toList();
  }

  @Test
  void ignoresPeersOverTheLimitAndSaysSoOnce() {
    Sim sim = sim(Map.of("peers_max", 3), "a");
    MeshNode a = sim.start("a", new String[0]);
    Peer[] many = IntStream.range(0, 5).mapToObj(i -> MeshNode.peer("p" + i)).toArray(Peer[]::new);
    a.directory.say(many);
    a.directory.say(many);
    sim.settle();
    assertThat(a.fabric.links()).extracting(LinkInfo::peer).containsExactly("p0", "p1", "p2");
    assertThat(lines("peers ignored")).hasSize(1);
    a.directory.say(many[4]);
    sim.settle();
    assertThat(a.fabric.links()).extracting(LinkInfo::peer).containsExactly("p4");
  }

  @Test
  void servesNoMoreThanAFrameCanSay() {
    Sim sim = sim(Map.of(), "a");
    MeshNode a = sim.start("a");
    for (int i = 0; i < Frame.Services.MAX; i++) {
      Recorder.serve(a, "s" + i, ChannelKind.stream, "b");
    }
    assertThatThrownBy(() -> Recorder.serve(a, "one-more", ChannelKind.stream, "b")).isInstanceOf(IllegalStateException.class)
        .hasMessage("a node serves at most 252 services");
  }

  @Test
  void givesLaterHandshakesMoreTimeUpToTheMost() {
    Sim sim = sim(Map.of("handshake_timeout_ms", 4000L, "backoff_most_ms", 100L, "nudge_after_ms", 0L), "a", "b");
    MeshNode a = sim.start("a");
    sim.start("b");
    List<Long> took = new ArrayList<>();
    long[] started = new long[1];
    sim.cut("a", "b");
    a.fabric.watch(info -> {
      if (info.state() == LinkState.connecting) {
        started[0] = sim.time.nanos();
      } else if (info.state() == LinkState.failed) {
        took.add((sim.time.nanos() - started[0]) / 1_000_000);
      }
    });
    sim.run(Duration.ofSeconds(20));
    assertThat(took.stream().limit(5)).containsExactly(400L, 800L, 1600L, 3200L, 4000L);
  }

  @Test
  void growsWindowsOnlyAsFarAsTheyMay() {
    int most = 512 * 1024;
    Sim sim = sim(Map.of("channel_window_max_bytes", most), "a", "b");
    assertThat(windowAfterMuch(sim, 1)).isEqualTo(most);
    Sim tight = sim(Map.of("link_growth_max_bytes", 131_072L), "a", "b");
    assertThat(windowAfterMuch(tight, 3)).isEqualTo(3 * ReceiveWindow.INITIAL + 131_072 / 2);
  }

  /** The send windows of that many channels together, once each has carried 16 MiB to a reader that keeps up. */
  private static long windowAfterMuch(Sim sim, int channels) {
    sim.startAll();
    sim.run(Duration.ofSeconds(5));
    Recorder.serve(sim.node("b"), "pg", ChannelKind.stream, "a");
    for (int i = 0; i < channels; i++) {
      Recorder near = new Recorder();
      assertThat(Recorder.outcome(sim, near.open(sim.node("a"), "b", "pg", ChannelKind.stream))).isEqualTo("open");
      for (long sent = 0; sent < 16 << 20; ) {
        for (; near.channel.isWritable(); sent += 32_768) {
          near.channel.write(Unpooled.wrappedBuffer(new byte[32_768]));
        }
        near.channel.flush();
        sim.settle();
      }
    }
    return sim.node("a").fabric.channels().stream().mapToLong(ChannelInfo::sendWindow).sum();
  }

  @Test
  void warnsOnceOfAPeerThatWillNotGetIn() {
    Sim sim = sim(Map.of(), "a", "b");
    sim.start("a", new String[0]).directory.say(new Peer(
        new FakeIdentity("other", "b").self(), MeshNode.peer("b").candidates(), Map.of(), List.of()));
    sim.start("b", new String[0]);
    sim.run(Duration.ofMinutes(5));
    assertThat(lines("link refused")).hasSize(1);
    assertThat(lines("link refused").get(0)).startsWith("link refused peer=b attempt=1 reason=wrong_key: ");
  }

  @Test
  void logsTrafficOnlyIfBytesMovedAndAtTheEnd() {
    Sim sim = sim(Map.of(), "a", "b");
    sim.startAll();
    sim.run(Duration.ofMinutes(5));
    assertThat(lines("link up")).hasSize(2);
    assertThat(lines("link traffic")).isEmpty();

    Recorder.serve(sim.node("b"), "pg", ChannelKind.stream, "a");
    Recorder near = new Recorder();
    near.open(sim.node("a"), "b", "pg", ChannelKind.stream);
    sim.settle();
    near.write("some bytes");
    sim.run(Duration.ofMinutes(5));
    assertThat(lines("link traffic")).hasSize(2).allMatch(line -> line.contains(" channels=1"));
    sim.node("a").fabric.close("b", Reason.of("test_reason", "enough"), true);
    sim.settle();
    assertThat(lines("link down")).hasSize(2).allMatch(line -> line.contains("reason=test_reason: enough"));
    assertThat(lines("link traffic total")).hasSize(2);
  }
}
