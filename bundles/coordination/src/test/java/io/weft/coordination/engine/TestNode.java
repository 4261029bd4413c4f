package io.weft.coordination.engine;

import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Duration;

/** The engine of one node on a store in memory, in time that the test moves. */
final class TestNode {

  static final Duration TTL = Duration.ofSeconds(10);

  final MemoryDcs dcs;
  final CurrentDcs current = new CurrentDcs("");
  final DcsLeases leases;
  final ClaimedSeats seats;
  final LeasedJobs jobs;

  TestNode(String name, MemoryStore store, ManualTime time) {
    dcs = new MemoryDcs(store, Runnable::run);
    Parts parts = new Parts(current, name, time, time, Runnable::run, TTL);
    leases = new DcsLeases(parts);
    seats = new ClaimedSeats(parts);
    jobs = new LeasedJobs(parts, leases, () -> Duration.ofSeconds(2));
    current.add(dcs);
  }

  /** Gone without a word. */
  void kill() {
    dcs.kill();
  }
}
