package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.ChannelKind;
import io.weft.transport.RawChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A transport is updated: another link takes over, and what is open on the first one goes on there until it is over. */
class MovingTest {

  private static final int SEEDS = 100;
  private static final ChannelKind STREAM = ChannelKind.stream;

  private Sim sim;
  private MeshNode a;
  private MeshNode b;
  private List<Recorder> served;

  private void linkUp(long seed) {
    sim = new Sim(seed, Map.of(), "a", "b");
    a = sim.start("a");
    b = sim.start("b");
    sim.run(Duration.ofSeconds(5));
    assertThat(sim.isWhole()).isTrue();
    served = Recorder.serve(b, "echo", STREAM, "a");
    sim.settle();
  }

  @Test
  void noOpeningFailsAndNothingIsCutWhicheverSideIsUpdated() {
    for (long seed = 0; seed < SEEDS; seed++) {
      linkUp(seed);
      MeshNode updated = seed % 2 == 0 ? a : b;
      Recorder kept = new Recorder();
      assertThat(Recorder.outcome(sim, kept.open(a, "b", "echo", STREAM))).isEqualTo("open");
      Session before = a.session("b");

      List<Recorder> opened = new ArrayList<>();
      List<CompletableFuture<RawChannel>> openings = new ArrayList<>();
      SpyTransport last = updated.stopTransport();
      openNow(opened, openings);
      steps(sim.random.nextInt(40));
      openNow(opened, openings);
      updated.startTransport();
      for (int i = 0; i < 60; i++) {
        steps(sim.random.nextInt(6));
        openNow(opened, openings);
      }
      sim.run(Duration.ofSeconds(2));

      for (CompletableFuture<RawChannel> opening : openings) {
        assertThat(Recorder.outcome(sim, opening)).as("seed %d", seed).isEqualTo("open");
      }
      assertThat(a.session("b")).as("seed %d: the session", seed).isNotSameAs(before);
      assertThat(List.of(a, b)).allSatisfy(node -> {
        assertThat(node.isUp("b".equals(node.name) ? "a" : "b")).isTrue();
        assertThat(node.fabric.counters()).containsEntry("links_moved", 1L).doesNotContainKey("links_lost");
      });
      assertThat(last.open()).as("seed %d: the first link, on which a channel is open", seed).hasSize(1);
      kept.write("still there");
      sim.settle();
      assertThat(served.get(0).text.toString()).isEqualTo("still there");

      endAll(kept, opened);
      assertThat(last.open()).as("seed %d: the first link in the end", seed).isEmpty();
      assertThat(Stream.concat(opened.stream(), served.stream()).map(Recorder::closed)).containsOnly("clean");
      assertThat(sim.isWhole()).as("seed %d", seed).isTrue();
      sim.close();
    }
  }

  private void openNow(List<Recorder> opened, List<CompletableFuture<RawChannel>> openings) {
    Recorder recorder = new Recorder();
    opened.add(recorder);
    openings.add(recorder.open(a, "b", "echo", STREAM));
  }

  private void steps(int count) {
    for (int i = 0; i < count && sim.step(); i++) {
      sim.random.nextInt(2);
    }
  }

  private void endAll(Recorder kept, List<Recorder> opened) {
    opened.forEach(recorder -> recorder.channel.finish());
    kept.channel.finish();
    served.forEach(recorder -> recorder.channel.finish());
    sim.run(Duration.ofSeconds(1));
  }

  /** Whoever opens a channel may have looked up the session just before another took over from it. */
  @Test
  void whatIsOpenedOnTheFirstSessionLaterGoesToTheNext() {
    for (long seed = 0; seed < SEEDS; seed++) {
      linkUp(seed);
      MeshNode updated = seed % 2 == 0 ? a : b;
      Session before = a.session("b");
      updated.stopTransport();
      updated.startTransport();
      List<Recorder> opened = new ArrayList<>();
      List<CompletableFuture<RawChannel>> openings = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        steps(1 + sim.random.nextInt(60)); // most are over when the next one comes
        Recorder recorder = new Recorder();
        CompletableFuture<RawChannel> opening = new CompletableFuture<>();
        opening.thenAccept(channel -> {
          recorder.channel = channel;
          channel.finish();
        });
        opened.add(recorder);
        openings.add(opening);
        before.openChannel("echo", STREAM, "test:1", Duration.ofSeconds(10), recorder, opening);
        served.forEach(recorded -> recorded.channel.finish());
      }
      sim.run(Duration.ofSeconds(2));
      assertThat(a.session("b")).isNotSameAs(before);
      for (CompletableFuture<RawChannel> opening : openings) {
        assertThat(Recorder.outcome(sim, opening)).as("seed %d", seed).isEqualTo("open");
      }
      served.forEach(recorded -> recorded.channel.finish());
      sim.run(Duration.ofSeconds(1));
      assertThat(Stream.concat(opened.stream(), served.stream()).map(Recorder::closed)).as("seed %d", seed).containsOnly("clean");
      sim.close();
    }
  }

  /** As forwarding does; the side that accepts a session may show it before it is confirmed on that loop. */
  @Test
  void whatIsOpenedOnTheLoopOfTheLinkWaitsUntilTheSessionIsConfirmed() {
    for (long seed = 0; seed < SEEDS; seed++) {
      linkUp(seed);
      MeshNode acceptor = a.session("b").isDialed() ? b : a;
      MeshNode dialer = acceptor == a ? b : a;
      Recorder.serve(dialer, "back", STREAM, acceptor.name);
      sim.settle();
      dialer.stopTransport();
      dialer.startTransport();
      List<CompletableFuture<RawChannel>> openings = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        sim.loopOf(acceptor.name).execute(() -> openings.add(new Recorder().open(acceptor, dialer.name, "back", STREAM)));
        steps(1 + sim.random.nextInt(4));
      }
      sim.run(Duration.ofSeconds(2));
      assertThat(openings).hasSize(100);
      for (CompletableFuture<RawChannel> opening : openings) {
        assertThat(Recorder.outcome(sim, opening)).as("seed %d", seed).isEqualTo("open");
      }
      sim.close();
    }
  }

  @Test
  void aLinkWithoutChannelsEndsAtOnce() {
    linkUp(1);
    SpyTransport last = b.stopTransport();
    b.startTransport();
    sim.run(Duration.ofSeconds(1));
    assertThat(last.open()).isEmpty();
    assertThat(sim.isWhole()).isTrue();
    sim.close();
  }

  @Test
  void whatIsOpenWhenTheTransportCutsItsLinksIsCut() {
    linkUp(1);
    Recorder kept = new Recorder();
    assertThat(Recorder.outcome(sim, kept.open(a, "b", "echo", STREAM))).isEqualTo("open");
    a.stopTransport();
    a.startTransport();
    sim.run(Duration.ofSeconds(30));
    assertThat(kept.closed()).isEmpty();
    a.succession.expire();
    sim.settle();
    assertThat(kept.closed()).isEqualTo("link_down");
    assertThat(sim.isWhole()).isTrue();
    assertThat(a.fabric.counters()).doesNotContainKey("links_lost");
    sim.close();
  }

  @Test
  void oneUpdateAfterTheOther() {
    linkUp(1);
    Recorder kept = new Recorder();
    assertThat(Recorder.outcome(sim, kept.open(a, "b", "echo", STREAM))).isEqualTo("open");
    for (int i = 0; i < 20; i++) {
      MeshNode updated = i % 3 == 0 ? b : a;
      SpyTransport last = updated.stopTransport();
      updated.startTransport();
      sim.run(Duration.ofSeconds(1));
      assertThat(last.open().size()).as("update %d", i).isLessThanOrEqualTo(1);
      assertThat(kept.closed()).isEmpty();
    }
    endAll(kept, List.of());
    assertThat(sim.isWhole()).isTrue();
    sim.close();
  }

  @Test
  void withoutANextVersionTheLinkGoesOnUntilTheTransportCutsIt() {
    linkUp(1);
    b.stopTransport();
    sim.run(Duration.ofSeconds(5));
    assertThat(a.isUp("b")).isTrue();
    b.succession.expire();
    sim.settle();
    assertThat(a.isUp("b")).isFalse();
    b.startTransport();
    sim.run(Duration.ofSeconds(20));
    assertThat(sim.isWhole()).isTrue();
    sim.close();
  }

  @Test
  void linksOfATransportThatForgetsThemEndAnyway() {
    linkUp(1);
    SpyTransport last = b.spy;
    b.fabric.removeTransport(last);
    sim.run(PeerLinks.GOES_ON_MAX.minusSeconds(1));
    assertThat(last.open()).hasSize(1);
    sim.run(Duration.ofSeconds(2));
    assertThat(last.open()).isEmpty();
    sim.close();
  }
}
