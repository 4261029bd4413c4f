package io.weft.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.link.LinkInfo;
import io.weft.node.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever order, nodes that can reach each other end up with exactly one link per pair. */
class ConvergenceTest {

  private static final int SEEDS = 200;
  private static final String[] NAMES = {"a", "b", "c"};
  private static final Duration RESTART_BOUND = Duration.ofSeconds(30);

  private static Sim sim(long seed) {
    return new Sim(seed, Map.of(), NAMES);
  }

  @Test
  void linksUpInWhateverOrderNodesStart() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Sim sim = sim(seed);
      for (String name : NAMES) {
        sim.start(name);
        sim.run(Duration.ofMillis(sim.random.nextInt(4000)));
      }
      assertThat(sim.runUntil(Duration.ofSeconds(10), sim::isWhole)).as("seed %d: %s", seed, states(sim)).isTrue();
      assertStable(sim, seed);
      sim.close();
    }
  }

  @Test
  void convergesWhenAllStartAtOnce() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Sim sim = sim(seed);
      sim.startAll();
      assertThat(sim.runUntil(Duration.ofSeconds(3), sim::isWhole)).as("seed %d: %s", seed, states(sim)).isTrue();
      assertStable(sim, seed);
      sim.close();
    }
  }

  @Test
  void convergesWhenAllAreKilledAndRestartAtOnce() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Sim sim = sim(seed);
      sim.startAll();
      assertThat(sim.runUntil(Duration.ofSeconds(3), sim::isWhole)).isTrue();
      for (String name : NAMES) {
        sim.kill(name);
        sim.run(Duration.ofMillis(sim.random.nextInt(300)));
        sim.start(name);
      }
      assertThat(sim.runUntil(RESTART_BOUND, sim::isWhole)).as("seed %d: %s", seed, states(sim)).isTrue();
      assertStable(sim, seed);
      sim.close();
    }
  }

  @Test
  void survivesAnything() {
    for (long seed = 0; seed < SEEDS / 2; seed++) {
      Sim sim = sim(seed);
      sim.startAll();
      for (int i = 0; i < 20; i++) {
        disturb(sim);
        sim.run(Duration.ofMillis(sim.random.nextInt(8000)));
      }
      for (String name : NAMES) {
        for (String other : NAMES) {
          sim.network.unblock(name, other);
        }
        if (sim.node(name) == null) {
          sim.start(name);
        }
      }
      assertThat(sim.runUntil(Duration.ofSeconds(60), sim::isWhole)).as("seed %d: %s", seed, states(sim)).isTrue();
      assertStable(sim, seed);
      sim.close();
    }
  }

  private static void disturb(Sim sim) {
    String name = NAMES[sim.random.nextInt(NAMES.length)];
    String other = NAMES[sim.random.nextInt(NAMES.length)];
    switch (sim.random.nextInt(7)) {
      case 0 -> {
        if (sim.node(name) != null) {
          sim.kill(name);
        }
      }
      case 1, 2 -> {
        if (sim.node(name) == null) {
          sim.start(name);
        }
      }
      case 3 -> sim.network.block(name, other);
      case 4 -> sim.network.unblock(name, other);
      case 5 -> {
        sim.network.block(name, other);
        sim.network.block(other, name);
      }
      default -> {
        if (sim.node(name) != null && !name.equals(other)) {
          sim.node(name).fabric.close(other, Reason.of("test_reason"), false);
        }
      }
    }
  }

  /** Nothing changes any more, and nothing is left over. */
  private static void assertStable(Sim sim, long seed) {
    List<String> changes = new ArrayList<>();
    sim.nodes.values().forEach(node -> node.fabric.watch(info -> changes.add(node.name + " " + info)));
    sim.run(Duration.ofSeconds(60));
    assertThat(changes).as("seed %d", seed).isEmpty();
    assertThat(sim.isWhole()).as("seed %d: %s", seed, states(sim)).isTrue();
  }

  private static List<String> states(Sim sim) {
    List<String> states = new ArrayList<>();
    for (MeshNode node : sim.nodes.values()) {
      for (LinkInfo link : node.fabric.links()) {
        states.add(node.name + "-" + link.peer() + " " + link.state() + " " + link.reason() + " attempts=" + link.attempts());
      }
      states.add(node.name + " has " + node.spy.open().size() + " links");
    }
    return states;
  }
}
