package io.weft.itests.bench;

import io.weft.itests.bench.contender.BareQuicPair;
import io.weft.itests.bench.contender.Contender;
import io.weft.itests.bench.contender.Nebula;
import io.weft.itests.bench.contender.RawTcp;
import io.weft.itests.bench.contender.SshForward;
import io.weft.itests.bench.contender.WeftNodes;
import io.weft.itests.bench.contender.WireguardGo;
import java.util.List;
import java.util.Locale;

/** One TCP connection from one machine to another, through two nodes and through what others use. */
final class Throughput implements Benchmark {

  /** As the transport sends by default. */
  static final int PACKET = 1_350;

  private static final int PORT = 5_301;
  private static final int ROUNDS = 5;
  private static final int SECONDS = 5;
  private static final int WARM_UP_SECONDS = 15;

  @Override
  public String name() {
    return "throughput";
  }

  @Override
  public String about() {
    return "one TCP connection, at 0 and 1 % loss, beside raw TCP, bare QUIC, ssh -L, wireguard-go and nebula";
  }

  @Override
  public void run(Report report) {
    try (Wire wire = Wire.up(1_500);
        BareQuicPair quic = new BareQuicPair(wire, PACKET);
        WeftNodes weft = new WeftNodes(wire, PORT + 1);
        SshForward ssh = new SshForward(wire, PORT + 2);
        WireguardGo wireguard = new WireguardGo(wire);
        Nebula nebula = new Nebula(wire)) {
      List<Contender> contenders = List.of(new RawTcp(), weft, ssh, wireguard, nebula);
      quic.run(WARM_UP_SECONDS);
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, WARM_UP_SECONDS, 1);
      for (double loss : new double[] {0, 1}) {
        wire.loss(loss);
        Samples samples = Samples.take(report, wire, quic, contenders, PORT, ROUNDS, SECONDS, 1, loss);
        figures(report, samples, loss == 0 ? "no loss" : "1 % loss");
        if (loss == 0) {
          clean(report, samples);
        } else {
          report.atLeast("weft beside ssh -L at 1 % loss", samples.ratio("weft", "ssh -L"), 2, "x");
        }
      }
    }
  }

  private static void figures(Report report, Samples samples, String when) {
    for (String name : samples.names()) {
      report.figure(name + ", " + when, samples.rate(name), "MB/s", String.format(Locale.ROOT, "%.1f CPU s/GB", samples.cpu(name)));
    }
  }

  private static void clean(Report report, Samples samples) {
    report.atLeast("weft beside a bare QUIC stream", samples.ratio("weft", Samples.BARE), 0.7, "x");
    report.atLeast("weft beside wireguard-go", samples.ratio("weft", "wireguard-go"), 6, "x");
    report.atLeast("weft beside nebula", samples.ratio("weft", "nebula"), 6, "x");
    report.atLeast("weft beside ssh -L", samples.ratio("weft", "ssh -L"), 0.75, "x");
    report.atMost("weft, CPU of both ends with iperf3", samples.cpu("weft"), 6, "s/GB");
  }
}
