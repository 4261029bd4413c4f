package io.weft.itests.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.CoordinatedFabric;
import io.weft.itests.dcs.EndpointInLab;
import io.weft.itests.dcs.FaultyStore;
import io.weft.itests.lab.Lab;
import io.weft.itests.process.NodeConfig;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.fence.Attempt;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Networks of every broken shape under three nodes and an etcd of three members. What the job acts on is reached from everywhere all the
 * time, so that whoever is cut off could do harm.
 */
@Tag("nightly")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartitionIT {

  private static final Duration TTL = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration RECOVERY = Faults.RECOVERY_MAX;

  /** How long a leader of etcd that hears nothing of the others goes on to answer, and more. */
  private static final Duration STEPS_DOWN_MAX = Duration.ofSeconds(5);

  private static final Map<String, String> HOSTS = Map.of("s0", "198.51.100.1", "s1", "198.51.100.2", "s2", "198.51.100.3",
      "a", "198.51.100.11", "b", "198.51.100.12", "c", "198.51.100.13");

  private Lab lab;
  private FaultyStore store;
  private CoordinatedFabric fabric;

  @BeforeAll
  void start() {
    lab = Lab.up("dcs", "coordination");
    store = FaultyStore.etcdAt(i -> HOSTS.get("s" + i), i -> lab.inside("s" + i));
    EndpointInLab endpoint = new EndpointInLab(lab);
    ProcessFabric nodes = ProcessFabric.in(lab::inside, name -> new NodeConfig(name, HOSTS.get(name) + ":7450"),
        CoordinatedFabric.configure(store, TTL, EndpointInLab.ADDRESS), "a", "b", "c");
    fabric = CoordinatedFabric.of(store, TTL, nodes, endpoint.record(), endpoint).start();
  }

  @AfterAll
  void stop() {
    Stream.of(fabric, store, lab).filter(part -> part != null).forEach(PartitionIT::end);
  }

  private static void end(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      throw new AssertionError(part + " does not end", e);
    }
  }

  @BeforeEach
  void healthy() {
    fabric.awaitActing(SOON);
  }

  @AfterEach
  void neverTwo() {
    if (fabric != null) {
      lab.restore();
      assertThat(fabric.record().violations()).isEmpty();
      assertThat(fabric.record().tokens()).isSorted();
    }
  }

  /** The holder and one member on one side, all others on the other. */
  @Test
  void halves() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      Attempt last = fabric.latest();
      split("both", List.of("s0", last.node()), others(List.of("s0", last.node())));
      fabric.awaitOther(last, RECOVERY);
      assertCut("s0", last.node());
      healed(writes);
    }
  }

  /** What the holder and one member send does not arrive; what is sent to them does. */
  @Test
  void oneWay() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      Attempt last = fabric.latest();
      split("up", List.of("s0", last.node()), others(List.of("s0", last.node())));
      fabric.awaitOther(last, RECOVERY);
      assertCut("s0", last.node());
      healed(writes);
    }
  }

  /** Two sides that do not see each other, and one member and one node that see both. */
  @Test
  void bridge() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      String holder = fabric.latest().node();
      String other = holder.equals("c") ? "b" : "c";
      split("both", List.of("s0", holder), List.of("s2", other));
      assertCut("s0", holder);
      fabric.awaitActing(RECOVERY);
      healed(writes);
    }
  }

  /** Each host sees its two neighbours only, a member two nodes and a node two members: no two members see each other, so nobody acts. */
  @Test
  void ring() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      List<String> ring = List.of("a", "s0", "b", "s1", "c", "s2");
      for (int i = 0; i < ring.size(); i++) {
        for (int j = i + 2; j < ring.size(); j++) {
          if (j - i < ring.size() - 1) {
            lab.fault("partition", ring.get(i), "peer=" + ring.get(j));
          }
        }
      }
      long silent = System.nanoTime() + STEPS_DOWN_MAX.plus(TTL).toNanos();
      long end = silent + TTL.multipliedBy(2).toNanos();
      Await.until("the time in which nobody may act", SOON, () -> System.nanoTime() - end > 0);
      assertCut("s0", "s1");
      assertThat(fabric.record().attempts()).noneMatch(a -> a.asked() - silent > 0);
      healed(writes);
    }
  }

  private static List<String> others(List<String> some) {
    return HOSTS.keySet().stream().filter(host -> !some.contains(host)).sorted().toList();
  }

  private void split(String way, List<String> these, List<String> those) {
    these.forEach(one -> those.forEach(other -> lab.fault("partition", one, "peer=" + other, "dir=" + way)));
  }

  /** Packets were dropped on the cables of both. */
  private void assertCut(String one, String other) {
    for (String host : List.of(one, other)) {
      Await.until("packets of " + host + " to be dropped", SOON, () -> lab.dropped(host).up() + lab.dropped(host).down() > 0);
    }
  }

  private void healed(AcknowledgedWrites writes) {
    lab.restore();
    Faults.recovered(fabric, writes, Faults.RECOVERY_MAX);
    Faults.assertNothingLost(fabric, writes);
  }
}
