package io.weft.testkit.fabric;

import io.weft.testkit.ManualLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** All loops of all nodes, run on the test's thread. Which is next is drawn, so each seed is another interleaving. */
final class Loops {

  private static final int STEPS_MAX = 1_000_000;

  /** How long threads of the test that wait for something else, or compute, may take in real time, before the fabric's goes on without them. */
  private static final long PATIENCE_NANOS = 20_000_000;
  private static final long PATIENCE_IF_BUSY_NANOS = 1_000_000_000;
  private static final long LOOK_NANOS = 100_000;

  private final RandomGenerator random;
  private final List<ManualLoop> loops = new ArrayList<>();
  private final Map<String, List<ManualLoop>> loopsOf = new HashMap<>();
  private final Set<ManualLoop> frozen = new HashSet<>();

  Loops(RandomGenerator random) {
    this.random = random;
  }

  ManualLoop add(String node) {
    ManualLoop loop = new ManualLoop();
    loops.add(loop);
    loopsOf.computeIfAbsent(node, n -> new ArrayList<>()).add(loop);
    return loop;
  }

  void freeze(String node) {
    frozen.addAll(loopsOf.get(node));
  }

  void thaw(String node) {
    loopsOf.get(node).forEach(frozen::remove);
  }

  /** Runs everything that can run now. */
  void settle() {
    for (int steps = 0; step(); steps++) {
      if (steps > STEPS_MAX) {
        throw new AssertionError("the loops of the nodes never come to rest");
      }
    }
  }

  private boolean step() {
    List<ManualLoop> ready = ready();
    return !ready.isEmpty() && ready.get(random.nextInt(ready.size())).runOne();
  }

  private List<ManualLoop> ready() {
    return loops.stream().filter(loop -> !loop.isIdle() && !frozen.contains(loop)).toList();
  }

  /** Gives threads of the test the time to react, if there are any. Returns whether there is something to run then. */
  boolean awaitThreads(Handlers handlers) {
    long begun = System.nanoTime();
    while (!handlers.areQuiet()) {
      if (!ready().isEmpty()) {
        return true;
      }
      long waited = System.nanoTime() - begun;
      if (waited > (handlers.isBusy() ? PATIENCE_IF_BUSY_NANOS : PATIENCE_NANOS)) {
        return false;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return !ready().isEmpty();
  }
}
