package io.weft.testkit.fabric;

import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryStore;
import io.weft.transport.memory.MemoryNetwork;
import io.weft.transport.memory.Weather;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * Nodes of one fabric inside a test, linked by the mesh that a node has over the transport in memory, with a store of their own. No
 * second passes unless the test says so, and all chances are drawn from a seed: the same test does the same thing every time, as far
 * as the threads of its own blocking code let it. Everything here is for the thread of the test.
 *
 * <pre>{@code
 * try (TestFabric fabric = TestFabric.of(1, "a", "b", "c")) {
 *   fabric.whole();
 *   fabric.split("c");
 *   fabric.until("a to notice", Duration.ofMinutes(1), () -> !fabric.node("a").isUp("c"));
 * }
 * }</pre>
 */
public final class TestFabric implements AutoCloseable {

  /** What the fabric is called. */
  public static final String NAME = "test";

  private static final Duration LONG = Duration.ofMinutes(2);

  private final long seed;
  private final SplittableRandom random;
  private final ManualTime time = new ManualTime();
  private final MemoryNetwork network;
  private final MemoryStore store;
  private final Loops loops;
  private final Handlers handlers = new Handlers();
  private final List<String> names;
  private final Map<String, SkewedClock> clocks = new HashMap<>();
  private final Map<String, TestNode> nodes = new TreeMap<>();
  private final Map<String, Weather> weather = new HashMap<>();

  private TestFabric(long seed, List<String> names) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    this.network = new MemoryNetwork(random.split());
    this.store = new MemoryStore(time, time);
    this.loops = new Loops(random.split());
    this.names = names;
    names.forEach(name -> clocks.put(name, new SkewedClock(time)));
  }

  /** Nodes that all know each other, started and not linked yet. */
  public static TestFabric of(long seed, String... names) {
    TestFabric fabric = new TestFabric(seed, List.of(names));
    fabric.names.forEach(fabric::start);
    return fabric;
  }

  /** @throws IllegalArgumentException if it does not run */
  public TestNode node(String name) {
    TestNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("no node " + name + " runs; there are " + nodes.keySet());
    }
    return node;
  }

  /** Those that run, by name. */
  public List<TestNode> nodes() {
    return List.copyOf(nodes.values());
  }

  /** What turns everybody's time. A test rather uses {@link #run} and {@link #until}, which let the nodes do what is due. */
  public ManualTime time() {
    return time;
  }

  /** What all lines to the store lead to. */
  public MemoryStore store() {
    return store;
  }

  /** Drawn from the seed, for the test's own chances. */
  public SplittableRandom random() {
    return random;
  }

  // Time.

  /** Lets that much time pass. */
  public void run(Duration span) {
    reaches(span, () -> false);
  }

  /**
   * Lets time pass until it is so.
   *
   * @param most of the fabric's time
   * @throws AssertionError if it is not so by then
   */
  public void until(String what, Duration most, BooleanSupplier condition) {
    if (!reaches(most, condition)) {
      throw new AssertionError(what + ": not within " + most + "; seed " + seed);
    }
  }

  /** Until every node that runs has a link to every other. */
  public void whole() {
    until("links between all", LONG, () -> nodes.values().stream()
        .allMatch(node -> nodes.keySet().stream().allMatch(other -> other.equals(node.name()) || node.isUp(other))));
  }

  /** Lets time pass until it is complete; two minutes of the fabric's time at most. */
  public <T> T get(CompletionStage<T> stage) {
    CompletableFuture<T> result = stage.toCompletableFuture();
    until("a result", LONG, result::isDone);
    return result.join();
  }

  /**
   * Runs code that blocks, such as reading from a stream, on a thread of its own while time passes here.
   *
   * @throws CompletionException with what it threw
   */
  public <T> T blocking(Callable<T> code) {
    CompletableFuture<T> result = new CompletableFuture<>();
    handlers.start(() -> {
      try {
        result.complete(code.call());
      } catch (Exception | Error e) { // the test's thread throws it
        result.completeExceptionally(e);
      }
    });
    return get(result);
  }

  private boolean reaches(Duration most, BooleanSupplier condition) {
    long end = time.nanos() + most.toNanos();
    while (true) {
      loops.settle();
      if (condition.getAsBoolean()) {
        return true;
      }
      if (loops.awaitThreads(handlers)) {
        continue;
      }
      if (condition.getAsBoolean()) { // a thread made it so
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

  // Faults.

  /** As {@code kill -9}: nobody is told, and its sessions in the store are left to their TTL. */
  public void crash(String name) {
    node(name).die();
    nodes.remove(name);
  }

  /** Starts a node that does not run: one that crashed comes back with nothing that it knew. */
  public TestNode start(String name) {
    if (!names.contains(name) || nodes.containsKey(name)) {
      throw new IllegalArgumentException("only a node of this fabric that does not run can start, not " + name);
    }
    TestNode node = new TestNode(this, name, random.nextLong(), clocks.get(name));
    nodes.put(name, node);
    node.knows(names.stream().filter(other -> !other.equals(name)).toList());
    return node;
  }

  /** As SIGSTOP: nothing of the mesh of a node runs until {@link #thaw}. Its own threads are not stopped. */
  public void freeze(String name) {
    node(name);
    loops.freeze(name);
  }

  /** Undoes {@link #freeze}. */
  public void thaw(String name) {
    loops.thaw(name);
  }

  /** From now on nothing crosses between these and all others: what streams send is held back, datagrams are lost. */
  public void split(String... side) {
    Set<String> here = Set.of(side);
    for (String one : here) {
      for (String other : names) {
        if (!here.contains(other)) {
          network.block(one, other);
          network.block(other, one);
        }
      }
    }
  }

  /** Only what {@code from} sends does not reach {@code to}. */
  public void cut(String from, String to) {
    network.block(from, to);
  }

  /** Everything between these two arrives that much later. */
  public void slow(String one, String other, Duration delay) {
    both(one, other, now -> new Weather(delay, now.loss(), now.reorder()));
  }

  /** That share of what these two send each other is lost, 0 to 1: datagrams for good; streams get it again, later. */
  public void drop(String one, String other, double share) {
    both(one, other, now -> new Weather(now.delay(), share, now.reorder()));
  }

  /** Datagrams between these two arrive up to that much later, each by itself, so that they overtake each other. */
  public void reorder(String one, String other, Duration within) {
    both(one, other, now -> new Weather(now.delay(), now.loss(), within));
  }

  private void both(String one, String other, UnaryOperator<Weather> change) {
    for (List<String> way : List.of(List.of(one, other), List.of(other, one))) {
      String key = String.join(">", way);
      Weather now = change.apply(weather.getOrDefault(key, Weather.CALM));
      weather.put(key, now);
      network.weather(way.get(0), way.get(1), now);
    }
  }

  /** Ends what {@link #split}, {@link #cut}, {@link #slow}, {@link #drop} and {@link #reorder} began. */
  public void heal() {
    for (String one : names) {
      for (String other : names) {
        network.unblock(one, other);
        network.weather(one, other, Weather.CALM);
      }
    }
    weather.clear();
  }

  /** Makes a node's wall clock wrong by that much, also after it starts again. Its monotonic clock stays right. */
  public void skew(String name, Duration by) {
    clocks.get(name).wrongBy(by);
  }

  /** Ends all nodes, with nothing left on the way. */
  @Override
  public void close() {
    names.stream().filter(nodes::containsKey).forEach(loops::thaw);
    heal();
    loops.settle();
    nodes.values().forEach(TestNode::close);
    loops.settle();
    nodes.clear();
  }

  // For the nodes.

  MemoryNetwork network() {
    return network;
  }

  Loops loops() {
    return loops;
  }

  Handlers handlers() {
    return handlers;
  }
}
