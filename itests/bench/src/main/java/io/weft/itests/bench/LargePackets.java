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
    return "one connection with packets of the default size, and with what path MTU discovery finds on wires of 1,500 and 9,000 bytes";
  }

  @Override
  public void run(Report report) {
    measure(report, 1_500, "packets of the default size", "");
    measure(report, 1_500, "discovered", ", packet.size: 1452, discover.mtu: true");
    measure(report, 9_000, "packets of the default size", "");
    measure(report, 9_000, "discovered", ", packet.size: 8952, discover.mtu: true");
  }

  private static void measure(Report report, int mtu, String what, String settings) {
    try (Wire wire = Wire.up(mtu);
        WeftNodes weft = WeftNodes.with(wire, settings, PORT + 1)) {
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, 1);
      Samples samples = Samples.take(report, wire, null, List.of(new RawTcp(), weft), PORT, ROUNDS, SECONDS, 1, 0);
      for (String name : samples.names()) {
        report.figure(name + ", MTU " + mtu + ", " + what, samples.rate(name), "MB/s",
            String.format(Locale.ROOT, "%.1f CPU s/GB", samples.cpu(name)));
      }
    }
  }
}
