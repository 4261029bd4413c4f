package io.weft.itests.bench;

import io.weft.itests.dcs.LoadRecord;
import io.weft.itests.dcs.RaftFabric;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeProcess;
import io.weft.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The leader of three nodes that keep the store is killed under writes: how long until the next one is committed. */
final class RaftFailover implements Benchmark {

  private static final String[] NODES = {"a", "b", "c"};
  private static final int KILLS = Integer.getInteger("weft.rounds", 50);
  private static final int PER_SECOND = 200;
  private static final Duration STEADY = Duration.ofSeconds(2);
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration STEADY_MAX = Duration.ofMinutes(10); // a machine with other work may need a while
  private static final int SHOWN = 5;

  @Override
  public String name() {
    return "raft-failover";
  }

  @Override
  public String about() {
    return "leader of dcs.raft killed under 200 writes a second, until the next one is committed; what was lost, and what was read too late";
  }

  @Override
  public void run(Report report) throws IOException {
    List<Double> gaps = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    Path records = Files.createDirectories(Distribution.root().resolve("itests/bench/target/load"));
    for (String node : NODES) {
      Files.deleteIfExists(RaftFabric.file(records, node));
    }
    LoadRecord record = new LoadRecord(Stream.of(NODES).map(node -> RaftFabric.file(records, node)).toList());
    try (RaftFabric fabric = RaftFabric.underLoad(records, NODES)) {
      for (int round = 0; round < KILLS; round++) {
        double rate = awaitSteady(record);
        NodeProcess leader = fabric.awaitLeader();
        long killed = System.nanoTime();
        leader.kill();
        Await.until("a write to be acknowledged", SOON, () -> record.update().firstWriteAfter(killed).isPresent());
        double gap = (record.firstWriteAfter(killed).getAsLong() - killed) / 1e6;
        gaps.add(gap);
        rates.add(rate);
        leader.start();
        fabric.awaitServing(leader);
        fabric.awaitCaughtUp(leader);
        report.sample("round", round, "killed", leader.name(), "writes_per_s", rate, "gap_ms", gap);
      }
      awaitSteady(record); // so that the last acknowledged number of every key is read once more
    }
    report(report, record, gaps, rates);
  }

  private static void report(Report report, LoadRecord record, List<Double> gaps, List<Double> rates) {
    double[] sorted = gaps.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    List<String> violations = record.violations();
    violations.stream().limit(SHOWN).forEach(System.out::println);
    long writes = record.lines().stream().filter(LoadRecord.Line::write).count();
    report.atLeast("acknowledged writes a second before a kill, median", Stats.median(rates), PER_SECOND, "/s");
    report.atMost("until the next acknowledged write, median", Stats.percentile(sorted, 50), 2_000, "ms");
    report.atMost("until the next acknowledged write, 95th percentile", Stats.percentile(sorted, 95), 5_000, "ms");
    report.figure("until the next acknowledged write, longest", sorted[sorted.length - 1], "ms", "");
    report.atMost("of " + writes + " acknowledged writes and " + (record.lines().size() - writes) + " reads, lost or stale",
        violations.size(), 0, "");
  }

  /** Waits until the pace is kept; returns it. */
  private static double awaitSteady(LoadRecord record) {
    long[] since = {System.nanoTime()};
    Await.until("steady writes", STEADY_MAX, () -> {
      long now = System.nanoTime();
      if (now - since[0] < STEADY.toNanos()) {
        return false;
      }
      boolean steady = record.update().writesBetween(since[0], now) >= PER_SECOND * STEADY.toSeconds();
      since[0] = steady ? since[0] : now;
      return steady;
    });
    long now = System.nanoTime();
    return record.update().writesBetween(since[0], now) * 1e9 / (now - since[0]);
  }
}
