package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.AccessDecision;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.channel.ServiceInfo;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Channels between two nodes, step by step. */
class MeshChannelTest {

  private static final ChannelKind STREAM = ChannelKind.stream;

  private final Sim sim = new Sim(3, Map.of("channels_max", 210), "a", "b");
  private MeshNode a;
  private MeshNode b;

  @BeforeEach
  void linkUp() {
    a = sim.start("a");
    b = sim.start("b");
    sim.run(Duration.ofSeconds(5));
    assertThat(sim.isWhole()).isTrue();
  }

  @AfterEach
  void close() {
    sim.close();
    assertThat(a.fabric.channels()).isEmpty();
  }

  private Recorder open(String service, ChannelKind kind) {
    Recorder recorder = new Recorder();
    assertThat(Recorder.outcome(sim, recorder.open(a, "b", service, kind))).isEqualTo("open");
    return recorder;
  }

  // Bytes and ends.

  @Test
  void carriesBytesAndEndsBothWays() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    near.write("hello");
    near.channel.finish();
    near.channel.finish();
    sim.settle();
    Recorder far = served.get(0);
    assertThat(far.text).hasToString("hello");
    assertThat(far.events).containsExactly("finished");
    assertThat(far.channel.origin()).isEqualTo("test:1");
    assertThat(far.channel.peer().name()).isEqualTo("a");
    far.write("good ");
    far.write("bye");
    far.channel.finish();
    sim.settle();
    assertThat(near.text).hasToString("good bye");
    assertThat(near.events).containsExactly("finished", "closed clean");
    assertThat(far.events).containsExactly("finished", "closed clean");
    near.write("late");
    assertThat(a.fabric.channels()).isEmpty();
    assertThat(b.fabric.channels()).isEmpty();
  }

  @Test
  void keepsTheTailThatWaitsForTheWindow() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    served.get(0).stalled = true;
    int size = ReceiveWindow.INITIAL + 300_000;
    near.channel.write(Unpooled.wrappedBuffer(new byte[size]));
    near.channel.finish();
    sim.settle();
    assertThat(served.get(0).received).isEqualTo(ReceiveWindow.INITIAL);
    assertThat(served.get(0).events).isEmpty();
    served.get(0).stalled = false;
    served.get(0).read();
    sim.settle();
    assertThat(served.get(0).received).isEqualTo(size);
    assertThat(served.get(0).events).containsExactly("finished");
  }

  @Test
  void tellsThePeerWhyItWasCut() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    for (String code : List.of("connection_reset", "timeout", "aborted", "something_own")) {
      Recorder near = open("pg", STREAM);
      near.write("some");
      near.channel.abort(Reason.of(code, "detail"));
      near.channel.abort(Reason.of("again"));
      sim.settle();
      assertThat(near.events).containsExactly("closed " + code);
      Recorder far = served.get(served.size() - 1);
      assertThat(far.closed()).isEqualTo(code.equals("something_own") ? "aborted" : code);
    }
    Recorder near = open("pg", STREAM);
    served.get(served.size() - 1).channel.abort(Reason.of("target_dead"));
    sim.settle();
    assertThat(near.closed()).isEqualTo("target_dead");
  }

  @Test
  void closesChannelsWithTheirLink() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    near.write("some");
    a.fabric.close("b", Reason.of("test_reason"), false);
    sim.settle();
    assertThat(near.closed()).isEqualTo("link_down");
    assertThat(served.get(0).closed()).isEqualTo("link_down");
  }

  // Who may open what.

  @Test
  void tellsOutcomesApart() {
    Recorder.serve(b, "mine", STREAM, "c");
    Recorder.serve(b, "open", STREAM, "*");
    Recorder.serve(b, "dead", STREAM, Set.of("a"), channel -> {
      channel.refuse(ChannelOutcome.target_dead, "127.0.0.1:1 refused");
      return new Recorder();
    });
    List<Recorder> unasked = new ArrayList<>();
    Recorder.serve(b, "broken", STREAM, Set.of("a"), channel -> {
      throw new IllegalStateException("thrown on purpose");
    });
    assertThat(attempt("b", "open", STREAM)).isEqualTo("open");
    assertThat(attempt("b", "mine", STREAM)).isEqualTo("refused");
    assertThat(attempt("b", "open", ChannelKind.datagram)).isEqualTo("unknown_service");
    assertThat(attempt("b", "none", STREAM)).isEqualTo("unknown_service");
    assertThat(attempt("b", "dead", STREAM)).isEqualTo("target_dead");
    assertThat(attempt("b", "broken", STREAM)).isEqualTo("target_dead");
    assertThat(attempt("c", "open", STREAM)).isEqualTo("unknown_peer");
    assertThat(unasked).isEmpty();
    a.fabric.close("b", Reason.of("test_reason"), true);
    sim.settle();
    assertThat(attempt("b", "open", STREAM)).isEqualTo("link_down");
    a.fabric.leave(Duration.ofSeconds(1));
    assertThat(attempt("b", "open", STREAM)).isEqualTo("leaving");
    sim.run(Duration.ofSeconds(15));
    assertThat(b.fabric.counters()).containsEntry("channels_refused_refused", 1L)
        .containsEntry("channels_refused_unknown_service", 2L);
  }

  private String attempt(String peer, String service, ChannelKind kind) {
    return Recorder.outcome(sim, new Recorder().open(a, peer, service, kind));
  }

  @Test
  void refusesBeforeTheServiceHears() {
    List<Recorder> served = Recorder.serve(b, "mine", STREAM, "c");
    CompletableFuture<RawChannel> opening = new Recorder().open(a, "b", "mine", STREAM);
    sim.settle();
    assertThatThrownBy(opening::join).hasMessageEndingWith("refused: a may not use mine");
    assertThat(served).isEmpty();
  }

  @Test
  void saysWhichRuleDecides() {
    Recorder.serve(b, "pg", STREAM, "a", "c");
    Registration all = Recorder.serve(b, "web", STREAM, Set.of("*"), channel -> new Recorder());
    assertThat(b.fabric.test("a", "pg", STREAM)).isEqualTo(new AccessDecision("a", "pg", STREAM, true, "allow a (expose pg)"));
    assertThat(b.fabric.test("x", "pg", STREAM)).isEqualTo(new AccessDecision("x", "pg", STREAM, false, "default deny"));
    assertThat(b.fabric.test("x", "web", STREAM)).isEqualTo(new AccessDecision("x", "web", STREAM, true, "allow * (expose web)"));
    assertThat(b.fabric.test("x", "web", ChannelKind.datagram).allowed()).isFalse();
    assertThat(b.fabric.rules()).extracting(ExposedService::name).containsExactly("pg", "web");
    assertThatThrownBy(() -> Recorder.serve(b, "web", STREAM, "a")).isInstanceOf(IllegalStateException.class)
        .hasMessage("service web (stream) is served already");
    all.close();
    all.close();
    assertThat(b.fabric.rules()).extracting(ExposedService::name).containsExactly("pg");
  }

  @Test
  void tellsPeersOnlyOfServicesThatTheyMayUse() {
    Recorder.serve(b, "pg", STREAM, "a");
    Recorder.serve(b, "secret", STREAM, "c");
    Registration dns = Recorder.serve(b, "dns", ChannelKind.datagram, Set.of("*"), channel -> new Recorder());
    Recorder.serve(a, "pg", STREAM, "b");
    sim.settle();
    assertThat(a.fabric.services()).containsExactly(
        new ServiceInfo("dns", ChannelKind.datagram, false, null, List.of("b")),
        new ServiceInfo("pg", STREAM, true, "test", List.of("b")));
    dns.close();
    sim.settle();
    assertThat(a.fabric.services()).extracting(ServiceInfo::name).containsExactly("pg");
    a.fabric.close("b", Reason.of("test_reason"), true);
    sim.settle();
    assertThat(a.fabric.services()).containsExactly(new ServiceInfo("pg", STREAM, true, "test", List.of()));
  }

  @Test
  void refusesNamesAndOriginsThatDoNotFit() {
    RawChannelHandler handler = new Recorder();
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(() -> a.fabric.open("b", "Not A Name", STREAM, "", second, handler))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> a.fabric.open("b", "pg", STREAM, "x".repeat(65), second, handler))
        .hasMessageContaining("64 printable");
    assertThatThrownBy(() -> a.fabric.open("b", "pg", STREAM, "new\nline", second, handler)).hasMessageContaining("64 printable");
  }

  // Time.

  @Test
  void cutsAnOpeningAtItsDeadlineThereToo() {
    List<Recorder> offered = neverAnswering("slow");
    CompletableFuture<RawChannel> opening = new Recorder().open(a, "b", "slow", STREAM);
    sim.run(Duration.ofSeconds(9));
    assertThat(opening).isNotDone();
    sim.run(Duration.ofSeconds(2));
    assertThat(Recorder.outcome(sim, opening)).isEqualTo("timeout");
    assertThat(offered.get(0).closed()).isEqualTo("timeout");
    assertThat(b.fabric.channels()).isEmpty();
  }

  @Test
  void cutsAnOpeningThatIsCancelledThereToo() {
    List<Recorder> offered = neverAnswering("slow");
    CompletableFuture<RawChannel> opening = new Recorder().open(a, "b", "slow", STREAM);
    sim.settle();
    opening.cancel(false);
    sim.settle();
    assertThat(offered.get(0).closed()).isEqualTo("cancelled");
    assertThat(b.fabric.channels()).isEmpty();
    assertThat(a.fabric.link("b").orElseThrow().channels()).isZero();
  }

  @Test
  void cancelsAtAnyMoment() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    for (int steps = 0; steps < 40; steps++) {
      Recorder near = new Recorder();
      CompletableFuture<RawChannel> opening = near.open(a, "b", "pg", STREAM);
      for (int i = 0; i < steps; i++) {
        sim.step();
      }
      if (!opening.cancel(false)) {
        sim.loopOf("a").execute(() -> near.channel.abort(Reason.of("aborted")));
      }
      sim.settle();
      assertThat(a.fabric.channels()).isEmpty();
      assertThat(b.fabric.channels()).isEmpty();
      assertThat(served).allMatch(s -> !s.closed().isEmpty());
    }
  }

  private List<Recorder> neverAnswering(String service) {
    List<Recorder> offered = new ArrayList<>();
    Recorder.serve(b, service, STREAM, Set.of("a"), channel -> {
      Recorder recorder = new Recorder();
      recorder.channel = channel;
      offered.add(recorder);
      return recorder;
    });
    return offered;
  }

  @Test
  void answersForAServiceThatDoesNot() {
    List<Recorder> offered = neverAnswering("slow");
    CompletableFuture<RawChannel> opening = a.fabric.open("b", "slow", STREAM, "", Duration.ofMinutes(10), new Recorder());
    sim.run(Duration.ofSeconds(29));
    assertThat(opening).isNotDone();
    sim.run(Duration.ofSeconds(2));
    assertThat(Recorder.outcome(sim, opening)).isEqualTo("timeout");
    assertThat(offered.get(0).closed()).isEqualTo("timeout");
    offered.get(0).channel.accept();
    offered.get(0).channel.refuse(ChannelOutcome.limit, "too late");
  }

  @Test
  void deliversNothingBeforeItIsTaken() {
    List<Recorder> offered = neverAnswering("slow");
    Rogue rogue = new Rogue(sim, sim.node("a"), "b").hello(99, 1);
    ByteBuf early = Unpooled.copiedBuffer("early", StandardCharsets.US_ASCII);
    var answers = new io.weft.testkit.FakeStreamHandler();
    rogue.write(rogue.channel(2, STREAM, "slow", answers), early);
    assertThat(offered.get(0).received).isZero();
    offered.get(0).channel.accept();
    assertThat(offered.get(0).received).isZero();
    sim.settle();
    assertThat(offered.get(0).text).hasToString("early");
    assertThat(answers.received()).isEqualTo(2);
  }

  // Memory.

  @Test
  void boundsWhatStalledReadersCostAndLetsOthersRun() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    List<Recorder> stalled = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Recorder near = open("pg", STREAM);
      stalled.add(near);
      served.get(i).stalled = true;
      while (near.channel.isWritable()) {
        near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
      }
      near.channel.flush();
    }
    sim.settle();
    List<ChannelInfo> there = b.fabric.channels();
    assertThat(there).hasSize(200).allMatch(c -> c.waiting() == ReceiveWindow.INITIAL);
    assertThat(a.fabric.channels()).allMatch(c -> c.sendWindow() == 0 && c.bytesSent() == ReceiveWindow.INITIAL);

    Recorder free = open("pg", STREAM);
    long total = pump(free, 64 << 20);
    assertThat(served.get(200).received).isEqualTo(total);
    assertThat(b.fabric.channels().get(200).waiting()).isZero();
    assertThat(there).allMatch(c -> c.waiting() == ReceiveWindow.INITIAL);
    stalled.forEach(s -> assertThat(s.events).isEmpty());

    served.forEach(s -> s.stalled = false);
    served.forEach(Recorder::read);
    sim.settle();
    assertThat(stalled).allMatch(s -> s.events.equals(List.of("writable")));
  }

  /** Writes as long as it may; returns how much that was. */
  private long pump(Recorder near, long size) {
    long sent = 0;
    while (sent < size) {
      while (sent < size && near.channel.isWritable()) {
        near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
        sent += 65_536;
      }
      near.channel.flush();
      sim.settle();
    }
    return sent;
  }

  @Test
  void growsTheWindowOfAFastReader() {
    Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    pump(near, 128 << 20);
    assertThat(a.fabric.channels().get(0).sendWindow()).isBetween(12L << 20, 16L << 20);
  }

  @Test
  void cutsAWriterThatDoesNotWait() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder near = open("pg", STREAM);
    served.get(0).stalled = true;
    while (near.channel.isWritable()) {
      near.channel.write(Unpooled.wrappedBuffer(new byte[65_536]));
    }
    List<ByteBuf> written = new ArrayList<>();
    for (int i = 0; i < 17; i++) {
      assertThat(near.channel.isWritable()).isFalse();
      written.add(Unpooled.buffer(65_536).writeZero(65_536));
      near.channel.write(written.get(i));
    }
    sim.settle();
    assertThat(near.closed()).isEqualTo("overflow");
    assertThat(served.get(0).closed()).isEqualTo("overflow");
    assertThat(written).allMatch(bytes -> bytes.refCnt() == 0);
  }

  @Test
  void refusesChannelsOverTheLimitOnEitherSide() {
    Recorder.serve(b, "pg", STREAM, "a");
    List<Recorder> open = new ArrayList<>();
    for (int i = 0; i < 210; i++) {
      open.add(open("pg", STREAM));
    }
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("limit");
    open.get(5).channel.abort(Reason.of("aborted"));
    sim.settle();
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("open");
    assertThat(attempt("b", "pg", STREAM)).isEqualTo("limit");
    assertThat(a.fabric.link("b").orElseThrow().channels()).isEqualTo(210);
  }

  // Datagrams.

  @Test
  void keepsTheBoundariesOfDatagrams() {
    List<Recorder> served = Recorder.serve(b, "dns", ChannelKind.datagram, "a");
    Recorder near = open("dns", ChannelKind.datagram);
    List<String> sent = new ArrayList<>();
    for (int size : new int[] {1, 0, 100, 1196, 1197, 9000, 65_507}) {
      sent.add("d".repeat(size));
      near.channel.sendDatagram(Unpooled.copiedBuffer("d".repeat(size), StandardCharsets.US_ASCII));
    }
    near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[65_508]));
    sim.settle();
    assertThat(served.get(0).datagrams).containsExactlyInAnyOrderElementsOf(sent);
    served.get(0).channel.sendDatagram(Unpooled.copiedBuffer("back", StandardCharsets.US_ASCII));
    near.channel.write(Unpooled.wrappedBuffer(new byte[10])); // Not on this kind of channel.
    sim.settle();
    assertThat(near.datagrams).containsExactly("back");
    assertThat(a.fabric.counters()).containsEntry("datagrams_dropped", 1L);
    near.channel.abort(Reason.of("aborted"));
    sim.settle();
    near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[10]));
    assertThat(a.fabric.counters()).containsEntry("datagrams_dropped", 2L);
  }

  @Test
  void dropsDatagramsThatTheStreamCannotTake() {
    List<Recorder> served = Recorder.serve(b, "dns", ChannelKind.datagram, "a");
    Recorder near = open("dns", ChannelKind.datagram);
    for (int i = 0; i < 1000; i++) {
      near.channel.sendDatagram(Unpooled.wrappedBuffer(new byte[60_000]));
    }
    long dropped = a.fabric.counters().get("datagrams_dropped");
    assertThat(dropped).isGreaterThan(900);
    sim.settle();
    assertThat(served.get(0).datagrams).hasSize((int) (1000 - dropped));
  }

  @Test
  void neverLetsOneChannelDisturbAnother() {
    List<Recorder> served = Recorder.serve(b, "pg", STREAM, "a");
    Recorder.serve(b, "bad", STREAM, Set.of("a"), channel -> {
      channel.accept();
      return new Recorder() {
        @Override
        public void data(RawChannel from, ByteBuf bytes) {
          bytes.release();
          throw new IllegalStateException("thrown on purpose");
        }
      };
    });
    Recorder good = open("pg", STREAM);
    Recorder bad = open("bad", STREAM);
    bad.write("x");
    good.write("still");
    sim.settle();
    assertThat(bad.closed()).isEqualTo("internal_error");
    good.write(" here");
    sim.settle();
    assertThat(served.get(0).text).hasToString("still here");
    assertThat(good.events).isEmpty();
  }
}
