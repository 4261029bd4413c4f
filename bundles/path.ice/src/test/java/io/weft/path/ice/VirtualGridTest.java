package io.weft.path.ice;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.node.Reason;
import io.weft.path.Candidate;
import io.weft.path.PathReport;
import io.weft.path.PathType;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.NatBehaviour;
import io.weft.testkit.network.NatBehaviour.Dependence;
import io.weft.testkit.network.VirtualHost;
import io.weft.testkit.network.VirtualNat;
import io.weft.testkit.network.VirtualNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Sessions of two nodes on a virtual network: which way they find through which NATs, and what becomes of it when the network
 * changes. The same questions that itests/nat asks of real nodes and routers, but in virtual time, for many seeds.
 */
class VirtualGridTest {

  private static final Duration STEP = Duration.ofMillis(10);

  private final List<String> wrong = new ArrayList<>();

  /** Two nodes, each behind a NAT of its own. */
  private static final class Pair {

    final ManualTime time = new ManualTime();
    final VirtualNetwork network;
    final VirtualNat natA;
    final VirtualNat natB;
    final VirtualNode a;
    final VirtualNode b;

    Pair(long seed, NatBehaviour one, NatBehaviour two) {
      network = new VirtualNetwork(time, seed);
      VirtualHub hub = new VirtualHub(network.host("hub", "198.51.100.10"));
      natA = network.nat("r1", one, "203.0.113.1");
      natB = network.nat("r2", two, "203.0.113.2");
      VirtualHost hostA = natA.host("a", "10.1.0.2");
      VirtualHost hostB = natB.host("b", "10.2.0.2");
      a = new VirtualNode("a", time, hostA, hub, seed);
      b = new VirtualNode("b", time, hostB, hub, seed);
      VirtualNode.introduce(a, b);
    }

    /** Both look for each other, as the mesh lets them; returns how long it took until both go that way, or null. */
    Duration link(PathType way, Duration most) {
      a.find();
      b.find();
      return until(() -> a.hasPath() && b.hasPath() && goes(way), most);
    }

    boolean goes(PathType way) {
      return a.way() == way && b.way() == way;
    }

    Duration until(BooleanSupplier condition, Duration most) {
      long start = time.nanos();
      while (!condition.getAsBoolean()) {
        if (time.nanos() - start > most.toNanos()) {
          return null;
        }
        pass(STEP);
      }
      return Duration.ofNanos(time.nanos() - start);
    }

    /** Time with traffic both ways: a packet each step. */
    void pass(Duration duration) {
      for (long left = duration.toNanos(); left > 0; left -= STEP.toNanos()) {
        for (VirtualNode node : List.of(a, b)) {
          if (node.hasPath()) {
            node.conduit().sendOne();
          }
        }
        time.advance(STEP);
      }
    }

    /** The longest time in which a got nothing, of the next so many. */
    Duration pause(Duration of) {
      long longest = 0;
      long since = time.nanos();
      long seen = a.conduit().packets();
      for (long end = time.nanos() + of.toNanos(); time.nanos() < end; ) {
        pass(STEP);
        if (a.conduit().packets() > seen) {
          seen = a.conduit().packets();
          since = time.nanos();
        }
        longest = Math.max(longest, time.nanos() - since);
      }
      return Duration.ofNanos(longest);
    }
  }

  private static boolean isDirect(NatBehaviour one, NatBehaviour two) {
    boolean hardOne = one.mapping() != Dependence.nothing && two.filtering() == Dependence.address_and_port;
    boolean hardTwo = two.mapping() != Dependence.nothing && one.filtering() == Dependence.address_and_port;
    return !hardOne && !hardTwo;
  }

  @Test
  void everyPairOfKindsFindsItsWayInTime() {
    List<String> kinds = List.of("full", "restricted", "port-restricted", "remap", "symmetric", "sequential");
    for (String one : kinds) {
      for (String two : kinds) {
        NatBehaviour natA = NatBehaviour.KINDS.get(one);
        NatBehaviour natB = NatBehaviour.KINDS.get(two);
        PathType way = isDirect(natA, natB) ? PathType.direct : PathType.relayed;
        Duration most = Duration.ofSeconds(way == PathType.direct ? 3 : 5);
        Pair pair = new Pair(1, natA, natB);
        if (pair.link(way, most) == null) {
          wrong.add(one + " - " + two + " is not " + way + " within " + most.toSeconds() + " s: " + state(pair));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String state(Pair pair) {
    return "a " + (pair.a.hasPath() ? pair.a.way() : "none") + " " + pair.a.counters.all()
        + ", b " + (pair.b.hasPath() ? pair.b.way() : "none");
  }

  @Test
  void aLinkIsFoundThroughLossInTime() {
    int good = 0;
    int tries = 100;
    for (int seed = 0; seed < tries; seed++) {
      Pair pair = new Pair(seed, NatBehaviour.PORT_RESTRICTED, NatBehaviour.PORT_RESTRICTED);
      pair.a.host.up().loss(0.78).delay(Duration.ofMillis(20));
      pair.a.host.down().delay(Duration.ofMillis(20));
      pair.a.find();
      pair.b.find();
      Duration took = pair.until(() -> pair.a.hasPath() && pair.b.hasPath(), Duration.ofSeconds(30));
      assertThat(pair.a.host.up().dropped()).isPositive();
      good += took == null ? 0 : 1;
    }
    assertThat(good).as("of %d within 30 s", tries).isGreaterThanOrEqualTo(tries * 95 / 100);
  }

  @Test
  void aRebindingIsFollowed() {
    every(50, (seed, pair) -> {
      pair.natA.rebind();
      Duration pause = pair.pause(Duration.ofSeconds(5));
      check(seed, "pause after a rebinding " + pause.toMillis() + " ms", pause.toMillis() < 1_500);
      check(seed, "direct again: " + state(pair), pair.until(() -> pair.goes(PathType.direct), Duration.ofSeconds(5)) != null);
      pair.natA.rebind("203.0.113.77");
      pause = pair.pause(Duration.ofSeconds(5));
      check(seed, "pause after another address " + pause.toMillis() + " ms", pause.toMillis() < 1_500);
      check(seed, "direct again: " + state(pair), pair.until(() -> pair.goes(PathType.direct), Duration.ofSeconds(5)) != null);
    });
  }

  @Test
  void aDeadPathIsReplacedByARelayWithinASecondAndComesBack() {
    every(50, (seed, pair) -> {
      pair.natA.up().cut("203.0.113.2");
      pair.natA.down().cut("203.0.113.2");
      Duration pause = pair.pause(Duration.ofSeconds(10));
      check(seed, "pause after a cut " + pause.toMillis() + " ms", pause.toMillis() < 1_000);
      check(seed, "relayed: " + state(pair), pair.goes(PathType.relayed));
      pair.natA.up().restore();
      pair.natA.down().restore();
      check(seed, "direct again: " + state(pair), pair.until(() -> pair.goes(PathType.direct), Duration.ofSeconds(30)) != null);
    });
  }

  @Test
  void anIdlePathOutlivesShortMappings() {
    every(10, (seed, pair) -> {
      pair.natA.life(Duration.ofSeconds(10));
      pair.natB.life(Duration.ofSeconds(10));
      pair.time.advance(Duration.ofMinutes(5));
      Duration pause = pair.pause(Duration.ofSeconds(5));
      check(seed, "pause after idle minutes " + pause.toMillis() + " ms", pause.toMillis() < 1_000);
      check(seed, "direct: " + state(pair), pair.goes(PathType.direct));
    });
  }

  @Test
  void aNaiveRouterDoesNotHangAPair() {
    for (int seed = 0; seed < 50; seed++) {
      Pair pair = new Pair(seed, NatBehaviour.LINUX, NatBehaviour.LINUX);
      pair.a.host.down().delay(Duration.ofMillis(20L * seed));
      pair.a.find();
      pair.b.find();
      Duration took = pair.until(() -> pair.a.hasPath() && pair.b.hasPath(), Duration.ofSeconds(5));
      check(seed, "any link: " + state(pair), took != null);
    }
    assertThat(wrong).isEmpty();
  }

  /**
   * Routers whose own input is open, which the other side's packets reached first: from the usual port no hole can open any more. Without
   * a relay another port is the only way, also where both routers are of that kind.
   */
  @Test
  void aTakenPortIsLeftForAnother() {
    for (NatBehaviour there : List.of(NatBehaviour.PORT_RESTRICTED, NatBehaviour.LINUX)) {
      for (int seed = 0; seed < 10; seed++) {
        Pair pair = new Pair(seed, NatBehaviour.LINUX, there);
        pair.a.alone();
        pair.b.alone();
        pair.a.host.down().delay(Duration.ofMillis(seed));
        pair.b.port.send(Unpooled.wrappedBuffer(new byte[20]), new InetSocketAddress(pair.natA.address(), VirtualNode.PORT));
        pair.time.advance(Duration.ofMillis(100));
        Duration took = pair.link(PathType.direct, Duration.ofSeconds(5));
        check(seed, there + ", a link: " + state(pair), took != null);
        check(seed, there + ", another port", pair.a.port.open() + pair.b.port.open() > 0);
        pair.pass(Duration.ofSeconds(27));
        check(seed, there + ", it stays: " + state(pair), pair.goes(PathType.direct));
        check(seed, there + ", traffic", pair.pause(Duration.ofSeconds(3)).toMillis() < 100);
        check(seed, there + ", only ports that are in use", pair.a.port.open() <= 1 && pair.b.port.open() <= 1);
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** Ports are not opened for what no other port helps, and not kept for what found its way. */
  @Test
  void portsAreOpenedWhereTheyHelp() {
    Pair plain = new Pair(1, NatBehaviour.PORT_RESTRICTED, NatBehaviour.PORT_RESTRICTED);
    assertThat(plain.link(PathType.direct, Duration.ofSeconds(3))).isNotNull();
    plain.pass(Duration.ofSeconds(5));
    assertThat(plain.a.counters.get(IceCounters.PORTS_OPENED)).isZero();
    Pair cut = new Pair(1, NatBehaviour.PORT_RESTRICTED, NatBehaviour.PORT_RESTRICTED);
    cut.natA.up().cut("203.0.113.2");
    cut.natA.down().cut("203.0.113.2");
    assertThat(cut.link(PathType.relayed, Duration.ofSeconds(5))).isNotNull();
    cut.pass(Duration.ofSeconds(30));
    assertThat(cut.a.counters.get(IceCounters.PORTS_OPENED)).as("it was tried").isPositive();
    cut.a.sessions.close(Reason.of("test"));
    cut.pass(Duration.ofSeconds(10));
    assertThat(cut.a.port.open()).isZero();
  }

  /**
   * Two nodes behind one NAT that turns nothing back find each other inside. That they did not get through to the address that both have
   * outside says nothing about it: who is outside still gets through.
   */
  @Test
  void anAddressOfOurOwnNatIsNotJudgedByAFailedHairpin() {
    ManualTime time = new ManualTime();
    VirtualNetwork network = new VirtualNetwork(time, 1);
    VirtualHub hub = new VirtualHub(network.host("hub", "198.51.100.10"));
    VirtualNat nat = network.nat("r1", NatBehaviour.PORT_RESTRICTED, "203.0.113.1");
    VirtualNode a = new VirtualNode("a", time, nat.host("a", "10.1.0.2"), hub, 1).alone();
    VirtualNode b = new VirtualNode("b", time, nat.host("b", "10.1.0.3"), hub, 1).alone();
    VirtualNode c = new VirtualNode("c", time, network.host("c", "203.0.113.3"), hub, 1).alone();
    VirtualNode.introduce(a, b);
    a.find();
    b.find();
    time.advance(Duration.ofSeconds(3));
    assertThat(a.hasPath() && b.hasPath()).isTrue();
    assertThat(a.way()).isEqualTo(PathType.direct);
    assertThat(nat.filtered()).as("packets that did not turn back").isPositive();
    PathReport report = a.sessions.report("b").orElseThrow();
    assertThat(report.pairs()).filteredOn(pair -> pair.remote().host().equals("203.0.113.1"))
        .isNotEmpty().noneMatch(pair -> pair.state().equals("succeeded") || pair.state().equals("selected"));
    for (VirtualNode inside : List.of(a, b)) {
      VirtualNode.introduce(inside, c);
      inside.find();
      c.find();
      time.advance(Duration.ofSeconds(3));
      assertThat(inside.hasPath() && c.hasPath()).as("a path to the outside").isTrue();
      assertThat(inside.sessions.report("c").orElseThrow().local()).extracting(Candidate::host).contains("203.0.113.1");
      assertThat(c.sessions.report(inside.self.name()).orElseThrow().pairs())
          .anyMatch(pair -> pair.state().equals("selected") && pair.remote().host().equals("203.0.113.1"));
    }
  }

  private interface Scene {
    void play(int seed, Pair pair);
  }

  /** For so many seeds, and pairs that are linked directly. */
  private void every(int seeds, Scene scene) {
    for (int seed = 0; seed < seeds; seed++) {
      Pair pair = new Pair(seed, NatBehaviour.PORT_RESTRICTED, NatBehaviour.PORT_RESTRICTED);
      check(seed, "a direct path", pair.link(PathType.direct, Duration.ofSeconds(3)) != null);
      pair.pass(Duration.ofMillis(1_000L + 37L * seed));
      scene.play(seed, pair);
    }
    assertThat(wrong).isEmpty();
  }

  private void check(int seed, String what, boolean good) {
    if (!good) {
      wrong.add("seed " + seed + ": " + what);
    }
  }
}
