package io.weft.itests.bench;

import io.weft.itests.bench.contender.RawTcp;
import io.weft.itests.bench.contender.WeftNodes;
import java.util.List;
import java.util.Locale;

/** What larger packets bring where the path carries them. */
final class LargePackets implements Benchmark {

  private static final int PORT = 5_701;
  private static final int ROUNDS = 3;
  private static final int SECONDS = 5;

  @Override
  public String name() {
    return "large-packets";
  }

  @Override
  public String about() {
    return "one connection over a wire that carries 1,500 bytes, and one that carries 9,000";
  }

  @Override
  public void run(Report report) {
    for (int mtu : new int[] {1_500, 9_000}) {
      try (Wire wire = Wire.up(mtu);
          WeftNodes weft = new WeftNodes(wire, PORT + 1)) {
        Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, 1);
        Samples samples = Samples.take(report, wire, null, List.of(new RawTcp(), weft), PORT, ROUNDS, SECONDS, 1, 0);
        for (String name : samples.names()) {
          report.figure(name + ", MTU " + mtu, samples.rate(name), "MB/s", String.format(Locale.ROOT, "%.1f CPU s/GB", samples.cpu(name)));
        }
      }
    }
  }
}
