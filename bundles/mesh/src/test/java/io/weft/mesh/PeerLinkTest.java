package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.channel.ChannelKind;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Reason;
import io.weft.path.PathType;
import io.weft.transport.memory.MemoryNetwork;
import io.weft.transport.memory.MemoryTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The life of links, told as stories in time that the test turns. */
class PeerLinkTest {

  private final Sim sim = new Sim(7, Map.of(), "a", "b", "c");
  /** Ids are hashes, so which of two names dials has to be looked up. */
  private String dialer;
  private String waiter;

  private void startPair() {
    boolean aDials = id("a").compareTo(id("b")) < 0;
    dialer = aDials ? "a" : "b";
    waiter = aDials ? "b" : "a";
    sim.start("a", "b");
    sim.start("b", "a");
  }

  private static String id(String name) {
    return MeshNode.peer(name).identity().id().value();
  }

  private void linkUp() {
    startPair();
    sim.run(Duration.ofSeconds(1));
    assertThat(sim.node("a").isUp("b") && sim.node("b").isUp("a")).isTrue();
  }

  private List<String> watch(String node) {
    List<String> seen = new ArrayList<>();
    sim.node(node).fabric.watch(info -> {
      String why = info.reason() == null ? "" : " " + info.reason().code();
      seen.add(info.peer() + " " + info.state() + why);
    });
    return seen;
  }

  @AfterEach
  void close() {
    sim.close();
  }

  @Test
  void tellsEachStateWithItsReason() {
    startPair();
    List<String> seen = watch(dialer);
    sim.cut("a", "b");
    sim.run(Duration.ofMillis(500));
    sim.mend("a", "b");
    sim.run(Duration.ofSeconds(1));
    assertThat(seen.stream().filter(s -> s.startsWith(waiter))).containsExactly(
        waiter + " new", waiter + " gathering", waiter + " connecting", waiter + " failed unreachable",
        waiter + " backoff unreachable", waiter + " gathering", waiter + " connecting", waiter + " up");
    LinkInfo link = sim.node(dialer).fabric.link(waiter).orElseThrow();
    assertThat(link.currentPath().orElseThrow().type()).isEqualTo(PathType.direct);
    assertThat(link.transport()).isEqualTo("memory");
    assertThat(link.dialed()).isTrue();
    assertThat(link.attempts()).isZero();
    assertThat(link.rttMillis()).isGreaterThanOrEqualTo(0);
    assertThat(link.sharedDigest()).isEqualTo("000000000000");
  }

  @Test
  void letsTheSmallerIdDialAndTheOtherOnceAndThenAfterAWhile() {
    linkUp();
    assertThat(sim.node(dialer).fabric.link(waiter).orElseThrow().dialed()).isTrue();
    assertThat(sim.node(waiter).fabric.counters()).containsEntry("attempts", 1L);

    sim.kill(dialer);
    sim.start(dialer, new String[0]); // It knows nobody, so it does not dial; and lets nobody in.
    sim.run(Duration.ofSeconds(20));
    assertThat(sim.node(waiter).state(dialer)).isIn(LinkState.backoff, LinkState.gathering, LinkState.connecting);
    assertThat(sim.node(waiter).fabric.counters().get("attempts")).isGreaterThan(1);
  }

  @Test
  void whoStartsLaterFindsTheOtherThere() {
    startPair();
    sim.kill(waiter);
    sim.run(Duration.ofMinutes(5)); // by now the other one tries every fifteen seconds

    sim.start(waiter);
    sim.run(Duration.ofMillis(300));

    assertThat(sim.node(waiter).state(dialer)).isEqualTo(LinkState.up);
  }

  @Test
  void waitsLongerEachTimeAndNeverGivesUp() {
    startPair();
    sim.kill(waiter);
    List<Long> tries = new ArrayList<>();
    sim.node(dialer).fabric.watch(info -> {
      if (info.peer().equals(waiter) && info.state() == LinkState.gathering) {
        tries.add(sim.time.nanos() / 1_000_000);
      }
    });
    sim.run(Duration.ofHours(1));
    assertThat(tries.size()).isBetween(60 * 60 / 16, 60 * 60 / 7 + 20);
    assertThat(tries.get(2) - tries.get(1)).isLessThan(1000);
    assertThat(tries.get(tries.size() - 1)).isGreaterThan(60 * 60 * 1000 - 16_000);
    sim.start(waiter);
    assertThat(sim.runUntil(Duration.ofSeconds(5), () -> sim.node(dialer).isUp(waiter))).as("the peer calls").isTrue();
  }

  @Test
  void noticesARestartAtOnce() {
    linkUp();
    List<String> seen = watch(waiter);
    sim.kill(dialer);
    sim.start(dialer);
    sim.run(Duration.ofSeconds(1));
    assertThat(sim.node(waiter).isUp(dialer)).isTrue();
    assertThat(sim.node(dialer).isUp(waiter)).isTrue();
    assertThat(sim.node(waiter).spy.open()).hasSize(1);
    assertThat(seen).isEmpty(); // Up before and after, with another session.
  }

  @Test
  void callsASilentPeerDegradedThenDeadAndHealsWithoutTouchingOthers() {
    sim.startAll();
    sim.run(Duration.ofSeconds(4));
    assertThat(sim.isWhole()).isTrue();
    List<String> a = watch("a");
    List<String> c = watch("c");
    sim.cut("a", "b");
    sim.run(Duration.ofSeconds(4));
    assertThat(a).isEmpty();
    sim.run(Duration.ofSeconds(4));
    assertThat(a).containsExactly("b degraded peer_silent");
    assertThat(sim.node("a").session("b")).isNotNull();
    sim.run(Duration.ofSeconds(7));
    assertThat(a).startsWith("b degraded peer_silent", "b failed peer_silent", "b backoff peer_silent");
    assertThat(sim.node("b").session("a")).as("both sides agree").isNull();
    sim.run(Duration.ofMinutes(2));
    sim.mend("a", "b");
    assertThat(sim.runUntil(Duration.ofSeconds(25), sim::isWhole)).isTrue();
    assertThat(c).isEmpty();
    assertThat(a).allMatch(s -> s.startsWith("b "));
  }

  @Test
  void takesAnyByteForASignOfLife() {
    linkUp();
    List<String> seen = watch("a");
    for (int i = 0; i < 100; i++) {
      sim.run(Duration.ofMillis(900));
    }
    assertThat(seen).isEmpty();
    assertThat(sim.node("a").fabric.counters().get("links_up")).isOne();
  }

  @Test
  void recoversFromDegradedWithoutANewLink() {
    linkUp();
    List<String> seen = watch("a");
    sim.cut("a", "b");
    sim.run(Duration.ofSeconds(7));
    sim.mend("a", "b");
    sim.run(Duration.ofSeconds(3));
    assertThat(seen).containsExactly("b degraded peer_silent", "b up");
    assertThat(sim.node("a").fabric.counters().get("links_up")).isOne();
  }

  @Test
  void healsAPeerThatWasPaused() {
    sim.startAll();
    sim.run(Duration.ofSeconds(4));
    for (long pause : new long[] {3, 11, 14, 120}) {
      sim.freeze("a");
      sim.run(Duration.ofSeconds(pause));
      assertThat(sim.node("b").isUp("c")).isTrue();
      sim.thaw("a");
      assertThat(sim.runUntil(Duration.ofSeconds(25), sim::isWhole)).as("after %d s", pause).isTrue();
    }
  }

  @Test
  void keepsLinksWhenDiscoveryIsGone() {
    linkUp();
    List<String> seen = watch("a");
    sim.node("a").directory.say(); // No source sees anybody.
    sim.run(Duration.ofMinutes(5));
    sim.node("a").knows("b");
    sim.run(Duration.ofMinutes(1));
    sim.node("a").fabric.removeDirectory(sim.node("a").directory); // The whole directory is updated.
    sim.run(Duration.ofMinutes(5));
    assertThat(seen).isEmpty();

    sim.node("a").fabric.close("b", Reason.of("test_reason"), false); // Even now a link that was lost comes back.
    sim.run(Duration.ofSeconds(10));
    assertThat(sim.node("a").isUp("b") && sim.node("b").isUp("a")).isTrue();
    sim.node("a").fabric.addDirectory(sim.node("a").directory);
    sim.run(Duration.ofSeconds(10));
    assertThat(sim.node("a").isUp("b")).isTrue();
  }

  @Test
  void forgetsAPeerThatIsUnlistedOnceItsLinkIsGone() {
    linkUp();
    sim.node("a").directory.say();
    sim.run(Duration.ofSeconds(1));
    assertThat(sim.node("a").isUp("b")).isTrue();
    sim.node("a").fabric.close("b", Reason.of("test_reason"), false);
    sim.run(Duration.ofSeconds(30));
    assertThat(sim.node("a").fabric.links()).isEmpty();
    assertThat(sim.node("b").isUp("a")).isFalse();
    assertThat(sim.node("a").fabric.counters().get("memory_handshakes_refused_unknown_peer")).isPositive();
  }

  @Test
  void dropsALinkToAKeyThatIsNotExpectedAnyMore() {
    linkUp();
    var changed = new io.weft.testkit.FakeIdentity("other", "b").self();
    var peer = MeshNode.peer("b");
    sim.node("a").directory.say(new io.weft.directory.Peer(changed, peer.candidates(), Map.of(), List.of()));
    sim.run(Duration.ofSeconds(10));
    assertThat(sim.node("a").isUp("b")).isFalse();
    sim.node("a").knows("b");
    sim.run(Duration.ofSeconds(30));
    assertThat(sim.node("a").isUp("b")).isTrue();
  }

  @Test
  void movesToAnotherTransportWhenOneGoes() {
    linkUp();
    MemoryNetwork second = new MemoryNetwork();
    for (MeshNode node : List.of(sim.node("a"), sim.node("b"))) {
      var io = new io.weft.testkit.FakeIo(sim.loopOf(node.name));
      var other = new MemoryTransport(second, io, node.identity, sim.time, sim.time, 0, 1 << 20);
      node.fabric.addTransport(other, Map.of("service.ranking", -1, "service.id", 99L));
    }
    sim.run(Duration.ofSeconds(1));
    List<String> seen = watch("a");
    sim.node("a").fabric.removeTransport(sim.node("a").spy);
    sim.run(Duration.ofSeconds(10));
    assertThat(seen).as("the link was never down").isEmpty();
    assertThat(sim.node("a").spy.open()).isEmpty();
    assertThat(sim.node("a").session("b").transport()).isNotSameAs(sim.node("a").spy);
  }

  @Test
  void saysGoodbye() {
    linkUp();
    List<String> seen = watch("b");
    CompletionStage<Void> left = sim.node("a").fabric.leave(Duration.ofSeconds(5));
    sim.run(Duration.ofMillis(100));
    assertThat(left.toCompletableFuture()).isCompleted();
    assertThat(seen).containsExactly("a closed leaving");
    assertThat(sim.node("b").fabric.link("a").orElseThrow().reason().detail()).isEqualTo("a is leaving");
    sim.run(Duration.ofMinutes(1));
    assertThat(sim.node("a").spy.open()).isEmpty();

    sim.kill("a");
    sim.start("a");
    assertThat(sim.runUntil(Duration.ofSeconds(5), () -> sim.node("b").isUp("a"))).as("it comes back by itself").isTrue();
  }

  @Test
  void waitsForChannelsOfALeavingPeerButNotForEver() {
    linkUp();
    Recorder.serve(sim.node("b"), "echo", ChannelKind.stream, "a");
    Recorder near = new Recorder();
    var opening = near.open(sim.node("a"), "b", "echo", ChannelKind.stream);
    sim.run(Duration.ofMillis(10));
    CompletableFuture<Void> left = sim.node("a").fabric.leave(Duration.ofSeconds(5)).toCompletableFuture();
    sim.run(Duration.ofSeconds(1));
    assertThat(left).isNotDone();
    assertThat(sim.node("b").isUp("a")).isTrue();
    assertThat(Recorder.outcome(sim, new Recorder().open(sim.node("b"), "a", "x", ChannelKind.stream))).isEqualTo("leaving");
    assertThat(opening.join().isWritable()).as("what is open stays open").isTrue();
    sim.run(Duration.ofSeconds(4));
    assertThat(left).isCompleted();
    assertThat(near.closed()).isEqualTo("link_down");
  }

  @Test
  void staysClosedOnlyIfAskedTo() {
    linkUp();
    MeshNode one = sim.node(dialer);
    assertThat(one.fabric.close(waiter, Reason.of("test_reason", "for a while"), false)).isTrue();
    sim.run(Duration.ofSeconds(2));
    assertThat(one.isUp(waiter)).isTrue();
    assertThat(one.fabric.close("nobody", Reason.of("x"), false)).isFalse();
    assertThat(one.fabric.open("nobody")).isFalse();

    sim.node(waiter).directory.say(); // So that the other side does not dial either.
    one.fabric.close(waiter, Reason.of("test_reason"), true);
    sim.run(Duration.ofMinutes(2));
    assertThat(one.state(waiter)).isEqualTo(LinkState.closed);
    sim.node(waiter).knows(dialer);
    one.fabric.open(waiter);
    sim.run(Duration.ofSeconds(1));
    assertThat(one.isUp(waiter)).isTrue();

    one.fabric.close(waiter, Reason.of("test_reason"), true);
    assertThat(sim.runUntil(Duration.ofSeconds(6), () -> one.isUp(waiter))).as("the peer may bring it back").isTrue();
  }

  @Test
  void refusesASecondLinkWhileTheFirstIsAlive() {
    linkUp();
    Session before = sim.node(dialer).session(waiter);
    // The waiting side dials although its link is up, as after a mistake of its own.
    Rogue second = new Rogue(sim, sim.node(waiter), dialer).hello(sim.node(waiter).incarnation, 1000);
    assertThat(second.ended()).isEqualTo("duplicate");
    assertThat(sim.node(dialer).session(waiter)).isSameAs(before);
    assertThat(sim.node(dialer).fabric.counters().get("duplicates_closed")).isOne();
  }

  @Test
  void saysHowItFeels() {
    sim.start("a");
    sim.run(Duration.ofSeconds(10));
    HealthResult down = sim.node("a").fabric.check().get(0);
    assertThat(down.status()).isEqualTo(HealthStatus.critical);
    assertThat(down.message()).startsWith("0 of 2 up; b ").contains("(unreachable)");
    sim.start("b");
    sim.run(Duration.ofSeconds(20));
    assertThat(sim.node("a").fabric.check().get(0).message()).startsWith("1 of 2 up; c ");
    assertThat(sim.node("a").fabric.check().get(0).status()).isEqualTo(HealthStatus.warn);
    sim.start("c");
    sim.run(Duration.ofSeconds(20));
    assertThat(sim.node("a").fabric.check().get(0)).extracting(HealthResult::message, HealthResult::status)
        .containsExactly("2 of 2 up", HealthStatus.ok);
    assertThat(sim.node("a").fabric.check().get(1).status()).isEqualTo(HealthStatus.ok);

    sim.freeze("a"); // The loop of the mesh hangs; the check itself is not on it.
    sim.node("a").fabric.check();
    sim.run(Duration.ofSeconds(11));
    assertThat(sim.node("a").fabric.check().get(1).status()).isEqualTo(HealthStatus.critical);
    assertThat(sim.node("a").fabric.check().get(1).message()).contains("restart the node");
    sim.thaw("a");
    sim.settle();
    sim.node("a").fabric.check();
    sim.settle();
    assertThat(sim.node("a").fabric.check().get(1).status()).isEqualTo(HealthStatus.ok);
  }

  @Test
  void leavesNoTimersBehind() {
    sim.startAll();
    sim.run(Duration.ofSeconds(5));
    sim.nodes.values().forEach(MeshNode::close);
    sim.settle();
    sim.run(Duration.ofMinutes(1));
    assertThat(sim.time.pending()).isZero();
    assertThat(sim.nodes.values()).allMatch(node -> node.spy.open().isEmpty());
  }
}
