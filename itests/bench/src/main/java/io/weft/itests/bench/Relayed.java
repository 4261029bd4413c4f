package io.weft.itests.bench;

import io.weft.itests.bench.contender.Contender;
import io.weft.itests.bench.contender.RelayedNodes;
import io.weft.itests.bench.contender.WeftNodes;
import java.util.List;
import java.util.Locale;

/** What a relay costs: the same connection straight and through one relay, all on one machine. */
final class Relayed implements Benchmark {

  private static final int PORT = 5_601;
  private static final int ROUNDS = 5;
  private static final int SECONDS = 5;
  private static final int WARM_UP_SECONDS = 15;

  @Override
  public String name() {
    return "relayed";
  }

  @Override
  public String about() {
    return "one TCP connection through one relay, beside the direct path";
  }

  @Override
  public void run(Report report) {
    try (Wire wire = Wire.up(1_500); WeftNodes direct = new WeftNodes(wire, PORT); RelayedNodes relayed = new RelayedNodes(wire, PORT + 1)) {
      Iperf.run(wire, direct.host(), PORT, PORT, WARM_UP_SECONDS, 1);
      long before = relayed.bytesCarried();
      Iperf.Result warm = Iperf.run(wire, relayed.host(), PORT + 1, PORT + 1, WARM_UP_SECONDS, 1);
      double share = warm == null ? 0 : (relayed.bytesCarried() - before) / (double) warm.bytes();
      report.atLeast("share of the bytes that the relay really carried", share, 1, "x");
      List<Contender> contenders = List.of(direct, relayed);
      Samples samples = Samples.take(report, wire, null, contenders, PORT, ROUNDS, SECONDS, 1, 0);
      for (String name : samples.names()) {
        report.figure(name, samples.rate(name), "MB/s", String.format(Locale.ROOT, "%.1f CPU s/GB", samples.cpu(name)));
      }
      report.atLeast("through one relay beside direct", samples.ratio(relayed.name(), direct.name()), 0.5, "x");
    }
  }
}
