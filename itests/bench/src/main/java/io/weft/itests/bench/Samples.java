package io.weft.itests.bench;

import io.weft.itests.bench.contender.BareQuicPair;
import io.weft.itests.bench.contender.Contender;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rounds in which each contender runs once, so that what the machine does meanwhile meets them all. */
final class Samples {

  /** The name of the bare QUIC stream among the contenders. */
  static final String BARE = "bare QUIC";

  private record Sample(double megabytesPerSecond, double cpuPerGigabyte, double fairness) {}

  private final Map<String, List<Sample>> byName = new LinkedHashMap<>();

  /**
   * @param bare runs first in each round; null for none
   * @param port at {@code b}; each contender has its own, counted up from this one
   */
  static Samples take(
      Report report, Wire wire, @Nullable BareQuicPair bare, List<Contender> contenders, int port, int rounds, int seconds, int connections,
      double loss) {
    Samples samples = new Samples();
    for (int round = 0; round < rounds; round++) {
      if (bare != null) {
        samples.addBare(report, bare, seconds, round, loss);
      }
      for (int i = 0; i < contenders.size(); i++) {
        samples.add(report, wire, contenders.get(i), port + i, seconds, connections, round, loss);
      }
    }
    return samples;
  }

  private void add(Report report, Wire wire, Contender contender, int port, int seconds, int connections, int round, double loss) {
    double idle = Cpu.awaitIdle();
    double before = Cpu.seconds(contender.processes());
    Iperf.Result result = Iperf.run(wire, contender.host(), port, port, seconds, connections);
    double rate = result == null ? 0 : result.megabytesPerSecond();
    double cpu = result == null ? Double.NaN : (Cpu.seconds(contender.processes()) - before + result.cpuSeconds()) / (result.bytes() / 1e9);
    double fairness = result == null ? Double.NaN : Stats.jain(result.streams());
    report.sample("contender", contender.name(), "loss_percent", loss, "connections", connections, "round", round,
        "mb_per_s", rate, "cpu_s_per_gb", cpu, "jain", fairness, "idle_before", idle);
    add(contender.name(), new Sample(rate, cpu, fairness));
  }

  private void addBare(Report report, BareQuicPair bare, int seconds, int round, double loss) {
    double idle = Cpu.awaitIdle();
    double before = Cpu.seconds(bare.processes());
    BareQuicPair.Count count = bare.run(seconds);
    double rate = count.bytes() / count.seconds() / 1e6;
    double cpu = (Cpu.seconds(bare.processes()) - before) / (count.bytes() / 1e9);
    report.sample("contender", BARE, "loss_percent", loss, "round", round, "mb_per_s", rate, "cpu_s_per_gb", cpu, "idle_before", idle);
    add(BARE, new Sample(rate, cpu, Double.NaN));
  }

  private void add(String name, Sample sample) {
    byName.computeIfAbsent(name, n -> new ArrayList<>()).add(sample);
  }

  /** In the order in which they ran. */
  Set<String> names() {
    return byName.keySet();
  }

  double rate(String name) {
    return Stats.median(of(name).stream().map(Sample::megabytesPerSecond).toList());
  }

  double cpu(String name) {
    return Stats.median(of(name).stream().map(Sample::cpuPerGigabyte).filter(c -> !c.isNaN()).toList());
  }

  double fairness(String name) {
    return Stats.median(of(name).stream().map(Sample::fairness).filter(j -> !j.isNaN()).toList());
  }

  /** The median of the ratios within each round, which is steadier than the ratio of two medians. */
  double ratio(String name, String other) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < of(name).size(); i++) {
      ratios.add(of(name).get(i).megabytesPerSecond / of(other).get(i).megabytesPerSecond);
    }
    return Stats.median(ratios);
  }

  private List<Sample> of(String name) {
    return byName.getOrDefault(name, List.of());
  }
}
