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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Networks of every broken shape under nodes and their store. What the job acts on is reached from everywhere all the time, so that whoever
 * is cut off could do harm.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class Partitions {

  static final Duration TTL = Duration.ofSeconds(2);
  static final Duration SOON = Duration.ofSeconds(60);

  static final Map<String, String> HOSTS = Map.of("s0", "198.51.100.1", "s1", "198.51.100.2", "s2", "198.51.100.3",
      "a", "198.51.100.11", "b", "198.51.100.12", "c", "198.51.100.13");

  Lab lab;
  CoordinatedFabric fabric;
  private FaultyStore store;

  abstract FaultyStore store(Lab inside);

  /** The hosts that are nodes. */
  abstract List<String> nodes();

  /** All hosts that matter. */
  abstract List<String> hosts();

  /** A minority with the holder in it. */
  abstract List<String> few(String holder);

  /** Those on the other side of a bridge: as many as {@link #few}, and not all others. */
  abstract List<String> across(List<String> few);

  /** From the end of a partition until somebody acts and the store takes writes. */
  Duration recoveryMax() {
    return Faults.RECOVERY_MAX;
  }

  @BeforeAll
  void start() {
    lab = Lab.up("dcs", "coordination");
    store = store(lab);
    EndpointInLab endpoint = new EndpointInLab(lab);
    ProcessFabric nodes = ProcessFabric.in(lab::inside, name -> new NodeConfig(name, HOSTS.get(name) + ":7450"),
        CoordinatedFabric.configure(store, TTL, EndpointInLab.ADDRESS), nodes().toArray(String[]::new));
    fabric = CoordinatedFabric.of(store, TTL, nodes, endpoint.record(), endpoint).start();
  }

  @AfterAll
  void stop() {
    Stream.of(fabric, store, lab).filter(part -> part != null).forEach(Partitions::end);
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

  /** A minority with the holder on one side, all others on the other. */
  @Test
  void halves() {
    isolated("both");
  }

  /** What a minority with the holder sends does not arrive; what is sent to it does. */
  @Test
  void oneWay() {
    isolated("up");
  }

  private void isolated(String way) {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      Attempt last = fabric.latest();
      List<String> few = few(last.node());
      split(way, few, others(few));
      fabric.awaitOther(last, SOON); // the bound is for what comes after healing
      assertCut(few);
      assertRefuses(last.node());
      healed(writes);
    }
  }

  /** Two sides that do not see each other, and some who see both. */
  @Test
  void bridge() {
    try (AcknowledgedWrites writes = Faults.writes(fabric)) {
      List<String> few = few(fabric.latest().node());
      split("both", few, across(few));
      assertCut(few);
      fabric.awaitActing(SOON);
      healed(writes);
    }
  }

  /** Each host sees its two neighbours only. */
  void cutToRing(List<String> ring) {
    for (int i = 0; i < ring.size(); i++) {
      for (int j = i + 2; j < ring.size(); j++) {
        if (j - i < ring.size() - 1) {
          lab.fault("partition", ring.get(i), "peer=" + ring.get(j));
        }
      }
    }
  }

  private List<String> others(List<String> some) {
    return hosts().stream().filter(host -> !some.contains(host)).sorted().toList();
  }

  private void split(String way, List<String> these, List<String> those) {
    these.forEach(one -> those.forEach(other -> lab.fault("partition", one, "peer=" + other, "dir=" + way)));
  }

  /** Nothing is written through a node of the minority. */
  void assertRefuses(String node) {
    try {
      assertThat(fabric.node(node).ask("dcs:put", "cut/" + node, "x", "--yes").exitCode()).isNotZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Packets were dropped on the cables of all of them. */
  void assertCut(List<String> cut) {
    for (String host : cut) {
      Await.until("packets of " + host + " to be dropped", SOON, () -> lab.dropped(host).up() + lab.dropped(host).down() > 0);
    }
  }

  void healed(AcknowledgedWrites writes) {
    lab.restore();
    Faults.recovered(fabric, writes, recoveryMax());
    Faults.assertNothingLost(fabric, writes);
  }
}
