package io.weft.itests.bench;

import io.weft.itests.process.Distribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Runs the benchmarks that are named, or all. Exit code 1 if a figure missed what it should be, 2 if there is no such benchmark. */
public final class Bench {

  private static final List<Benchmark> ALL = List.of(
      new Startup(),
      new Latency(),
      new ShortConnections(),
      new UdpLoss(),
      new Leaks(),
      new Throughput(),
      new Parallel(),
      new SlowPath(),
      new LossGrid("loss-near", 0),
      new LossGrid("loss-far", 10),
      new LargePackets(),
      new Relayed(),
      new SlowReader(),
      new RaftFailover(),
      new BillingCharges(),
      new HotSwap(),
      new PluginChurn());

  private Bench() {}

  public static void main(String[] args) throws Exception {
    if (Arrays.asList(args).contains("list")) {
      ALL.forEach(b -> System.out.printf("%-14s %s%n", b.name(), b.about()));
      return;
    }
    List<Benchmark> chosen = new ArrayList<>(ALL);
    if (args.length > 0) {
      chosen.removeIf(b -> !Arrays.asList(args).contains(b.name()));
      if (chosen.size() != args.length) {
        System.err.println("there is no such benchmark; `list` shows them");
        System.exit(2);
      }
    }
    List<Report> reports = new ArrayList<>();
    for (Benchmark benchmark : chosen) {
      System.out.printf("%s: %s%n", benchmark.name(), benchmark.about());
      long start = System.nanoTime();
      Report report = new Report(benchmark.name());
      benchmark.run(report);
      System.out.printf(Locale.ROOT, "%s took %.0f s%n", benchmark.name(), (System.nanoTime() - start) / 1e9);
      report.write(Distribution.root().resolve("itests/bench/target/results"));
      reports.add(report);
    }
    reports.forEach(Report::print);
    // Threads of clients that were cut off in the middle must not keep the process.
    System.exit(reports.stream().allMatch(Report::isMet) ? 0 : 1);
  }
}
