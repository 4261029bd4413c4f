package io.weft.mesh;

import io.weft.testkit.FakeIo;
import io.weft.testkit.ManualLoop;
import io.weft.testkit.ManualTime;
import io.weft.transport.memory.MemoryNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Nodes on one thread, in time that the test turns. Which loop runs next is drawn from the seed, so each seed is another
 * interleaving of the same story, and the same one every time.
 */
final class Sim implements AutoCloseable {

  final ManualTime time = new ManualTime();
  final MemoryNetwork network = new MemoryNetwork();
  final SplittableRandom random;
  final Map<String, MeshNode> nodes = new TreeMap<>();
  private final List<ManualLoop> loops = new ArrayList<>();
  private final Map<String, List<ManualLoop>> loopsOf = new HashMap<>();
  private final Set<ManualLoop> frozen = new HashSet<>();
  private final MeshNode.World world;
  private final List<String> names;

  /** @param names of all nodes, which all know each other */
  Sim(long seed, Map<String, Object> limits, String... names) {
    this.random = new SplittableRandom(seed);
    this.world = new MeshNode.World(network, time, time, limits);
    this.names = List.of(names);
  }

  MeshNode start(String name) {
    return start(name, names.stream().filter(other -> !other.equals(name)).toArray(String[]::new));
  }

  /** Starts a node that knows only these. */
  MeshNode start(String name, String... peers) {
    ManualLoop loop = loop();
    ManualLoop io = loop();
    loopsOf.put(name, List.of(loop, io));
    MeshNode node = new MeshNode(world, name, random.nextLong(), new FakeIo(io), loop::execute, random.split());
    nodes.put(name, node);
    node.knows(peers);
    return node;
  }

  void startAll() {
    names.forEach(this::start);
  }

  void kill(String name) {
    nodes.remove(name).kill();
  }

  /** The loop that moves a node's bytes. */
  ManualLoop loopOf(String name) {
    return loopsOf.get(name).get(1);
  }

  /** As SIGSTOP: nothing of the node runs until {@link #thaw}. */
  void freeze(String name) {
    frozen.addAll(loopsOf.get(name));
  }

  void thaw(String name) {
    frozen.removeAll(loopsOf.get(name));
  }

  /** Nothing that one sends reaches the other, both ways. */
  void cut(String one, String other) {
    network.block(one, other);
    network.block(other, one);
  }

  void mend(String one, String other) {
    network.unblock(one, other);
    network.unblock(other, one);
  }

  MeshNode node(String name) {
    return nodes.get(name);
  }

  private ManualLoop loop() {
    ManualLoop loop = new ManualLoop();
    loops.add(loop);
    return loop;
  }

  /** Lets that much time pass. */
  void run(Duration time) {
    runUntil(time, () -> false);
  }

  /** Runs until it is so. Returns whether it was, within that time. */
  boolean runUntil(Duration most, BooleanSupplier condition) {
    long end = time.nanos() + most.toNanos();
    while (true) {
      settle();
      if (condition.getAsBoolean()) {
        return true;
      }
      Optional<Duration> next = time.untilNext();
      long left = end - time.nanos();
      if (next.isEmpty() || next.get().toNanos() > left) {
        time.advance(Duration.ofNanos(left));
        return false;
      }
      time.advance(next.get());
    }
  }

  /** Runs everything that can run now. */
  void settle() {
    for (int steps = 0; step(); steps++) {
      if (steps > 1_000_000) {
        throw new AssertionError("loops never come to rest");
      }
    }
  }

  /** Runs one task of one loop. Returns false if there is none. */
  boolean step() {
    List<ManualLoop> busy = loops.stream().filter(loop -> !loop.isIdle() && !frozen.contains(loop)).toList();
    return !busy.isEmpty() && busy.get(random.nextInt(busy.size())).runOne();
  }

  /** Ends all nodes, with nothing left on the way, so that a buffer that is not freed then is lost. */
  @Override
  public void close() {
    frozen.clear();
    names.forEach(one -> names.forEach(other -> network.unblock(one, other)));
    settle();
    nodes.values().forEach(MeshNode::close);
    settle();
  }

  /** Whether each pair of running nodes has exactly one link, and both ends mean the same one. */
  boolean isWhole() {
    return nodes.values().stream().allMatch(node -> nodes.keySet().stream().filter(other -> !other.equals(node.name))
        .allMatch(other -> agree(node, nodes.get(other)))
        && node.spy.open().size() == nodes.size() - 1);
  }

  private static boolean agree(MeshNode a, MeshNode b) {
    Session there = a.session(b.name);
    Session back = b.session(a.name);
    return a.isUp(b.name) && b.isUp(a.name) && there != null && back != null && there.isDialed() != back.isDialed()
        && there.attempt() == back.attempt() && there.link().isOpen() && back.link().isOpen();
  }
}
