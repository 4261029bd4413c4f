package io.weft.itests.bench;

import io.weft.itests.bench.contender.BareQuicPair;
import io.weft.itests.bench.contender.RawTcp;
import io.weft.itests.bench.contender.WeftNodes;
import java.util.List;
import java.util.Locale;

/** A path as between continents: does one connection fill it, also when it loses a little. */
final class SlowPath implements Benchmark {

  private static final int PORT = 5_501;
  private static final int ROUNDS = 3;
  private static final int SECONDS = 15;
  private static final double RATE = 40;
  private static final double ONE_WAY_MILLIS = 20;
  private static final int QUEUE_PACKETS = 1_000; // about what is under way in one round trip

  @Override
  public String name() {
    return "slow-path";
  }

  @Override
  public String about() {
    return "one connection over 40 ms and 40 MB/s, clean and at 0.1 % loss, beside raw TCP and bare QUIC";
  }

  @Override
  public void run(Report report) {
    try (Wire wire = Wire.up(1_500);
        BareQuicPair quic = new BareQuicPair(wire, Throughput.PACKET);
        WeftNodes weft = new WeftNodes(wire, PORT + 1)) {
      quic.run(15);
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, 1);
      wire.emulate(ONE_WAY_MILLIS, RATE * 8, QUEUE_PACKETS);
      // BBR still believes in the fast path; what it takes to find out is not what is measured here.
      quic.run(15);
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, 1);
      for (double loss : new double[] {0, 0.1}) {
        wire.loss(loss);
        Samples samples = Samples.take(report, wire, quic, List.of(new RawTcp(), weft), PORT, ROUNDS, SECONDS, 1, loss);
        String when = loss == 0 ? "clean" : "0.1 % loss";
        for (String name : samples.names()) {
          report.figure(name + ", " + when, samples.rate(name), "MB/s", String.format(Locale.ROOT, "%.2f of the path", samples.rate(name) / RATE));
        }
        report.atLeast("share of the path that weft fills, " + when, samples.rate("weft") / RATE, 0.85, "");
      }
    }
  }
}
