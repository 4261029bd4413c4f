package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.channel.AccessDecision;
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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who may open a channel to what, and how long that may take. */
class ChannelOpeningTest extends ChannelCases {

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
}
