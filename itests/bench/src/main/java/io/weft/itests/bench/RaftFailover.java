package io.weft.itests.bench;

import io.weft.itests.dcs.AcknowledgedWrites;
import io.weft.itests.dcs.RaftFabric;
import io.weft.itests.process.NodeProcess;
import io.weft.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The leader of three nodes that keep the store is killed under writes: how long until the next one is acknowledged. */
final class RaftFailover implements Benchmark {

  private static final int KILLS = Integer.getInteger("weft.rounds", 50);
  /** Each writes up to 20 a second. */
  private static final int WRITERS = 10;
  private static final Duration SOON = Duration.ofSeconds(60);

  @Override
  public String name() {
    return "raft-failover";
  }

  @Override
  public String about() {
    return "leader of dcs.raft killed under writes, until the next acknowledged write";
  }

  @Override
  public void run(Report report) throws IOException {
    List<Double> gaps = new ArrayList<>();
    List<AcknowledgedWrites> writers = new ArrayList<>();
    try (RaftFabric fabric = RaftFabric.start("a", "b", "c")) {
      for (int i = 0; i < WRITERS; i++) {
        writers.add(new AcknowledgedWrites("kept" + i + "/", fabric.nodes(), "x"));
      }
      for (int round = 0; round < KILLS; round++) {
        awaitMore(writers, 200);
        NodeProcess leader = fabric.awaitLeader();
        leader.kill();
        long killed = System.nanoTime();
        awaitMore(writers, 1);
        double gap = (System.nanoTime() - killed) / 1e6;
        gaps.add(gap);
        leader.start();
        fabric.awaitServing(leader);
        fabric.awaitCaughtUp(leader);
        report.sample("round", round, "killed", leader.name(), "gap_ms", gap, "acknowledged", total(writers));
      }
      int missing = 0;
      for (AcknowledgedWrites writer : writers) {
        missing += writer.missingAt(fabric.node("a")).size();
      }
      double[] sorted = gaps.stream().mapToDouble(Double::doubleValue).toArray();
      report.atMost("until the next acknowledged write, median", Stats.percentile(sorted, 50), 2_000, "ms");
      report.atMost("until the next acknowledged write, 95th percentile", Stats.percentile(sorted, 95), 5_000, "ms");
      report.atMost("acknowledged writes that are gone, of " + total(writers), missing, 0, "");
    } finally {
      writers.forEach(AcknowledgedWrites::close);
    }
  }

  private static int total(List<AcknowledgedWrites> writers) {
    return writers.stream().mapToInt(AcknowledgedWrites::count).sum();
  }

  private static void awaitMore(List<AcknowledgedWrites> writers, int more) {
    int before = total(writers);
    Await.until(more + " more acknowledged writes", SOON, () -> total(writers) >= before + more);
  }
}
