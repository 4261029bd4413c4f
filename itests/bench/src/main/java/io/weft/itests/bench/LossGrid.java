package io.weft.itests.bench;

import io.weft.itests.bench.contender.CongestionPair;
import io.weft.itests.bench.contender.Contender;
import io.weft.itests.bench.contender.Kcptun;
import io.weft.itests.bench.contender.Nebula;
import io.weft.itests.bench.contender.RawTcp;
import io.weft.itests.bench.contender.SshForward;
import io.weft.itests.bench.contender.WireguardGo;
import java.util.List;
import java.util.Locale;

/**
 * One TCP connection through ever more loss, with each kind of congestion control that we have and through what others use. TCP itself
 * is reno: what many systems' TCP comes down to, and the same for everybody.
 */
final class LossGrid implements Benchmark {

  private static final int PORT = 5_801;
  private static final int ROUNDS = 2;
  private static final int SECONDS = 4;
  private static final double FAST = 10_000; // Mbit/s; more than this machine's emulation carries
  private static final int DEEP = 100_000;

  private final String name;
  private final double oneWayMillis;

  /** @param oneWayMillis 0 for the bare wire */
  LossGrid(String name, double oneWayMillis) {
    this.name = name;
    this.oneWayMillis = oneWayMillis;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String about() {
    return String.format(Locale.ROOT, "one connection at %.0f ms round trip and 0, 1, 5, 20 %% loss, bbr and cubic, beside others", 2 * oneWayMillis);
  }

  @Override
  public void run(Report report) {
    try (Wire wire = Wire.up(1_500)) {
      wire.tcp("reno");
      try (CongestionPair bbr = new CongestionPair(wire, "bbr", 7_451, PORT + 1);
          CongestionPair cubic = new CongestionPair(wire, "cubic", 7_452, PORT + 2);
          SshForward ssh = new SshForward(wire, PORT + 3);
          WireguardGo wireguard = new WireguardGo(wire);
          Nebula nebula = new Nebula(wire);
          Kcptun kcptun = new Kcptun(wire, PORT + 6)) {
        Iperf.run(wire, bbr.host(), PORT + 1, PORT + 1, 10, 1);
        Iperf.run(wire, cubic.host(), PORT + 2, PORT + 2, 10, 1);
        if (oneWayMillis > 0) {
          wire.emulate(oneWayMillis, FAST, DEEP);
          // BBR still believes in the fast path; what it takes to find out is not what is measured here.
          Iperf.run(wire, bbr.host(), PORT + 1, PORT + 1, 15, 1);
          Iperf.run(wire, cubic.host(), PORT + 2, PORT + 2, 15, 1);
        }
        List<Contender> contenders = List.of(new RawTcp(), bbr, cubic, ssh, wireguard, nebula, kcptun);
        for (double loss : new double[] {0, 1, 5, 20}) {
          wire.loss(loss);
          Samples samples = Samples.take(report, wire, null, contenders, PORT, ROUNDS, SECONDS, 1, loss);
          figures(report, samples, loss, bbr.name());
          figures(report, samples, loss, cubic.name());
        }
      }
    }
  }

  private void figures(Report report, Samples samples, double loss, String ours) {
    String at = String.format(Locale.ROOT, ", %.0f ms, %.0f %% loss", 2 * oneWayMillis, loss);
    if (ours.endsWith("bbr")) {
      for (String contender : samples.names()) {
        report.figure(contender + at, samples.rate(contender), "MB/s", String.format(Locale.ROOT, "%.1f CPU s/GB", samples.cpu(contender)));
      }
    }
    report.atLeast(ours + " beside wireguard-go" + at, samples.rate(ours) / samples.rate("wireguard-go"), 1, "x");
    report.atLeast(ours + " beside nebula" + at, samples.rate(ours) / samples.rate("nebula"), 1, "x");
    if (oneWayMillis > 0 && (loss == 1 || loss == 5)) {
      report.atLeast(ours + " beside TCP reno" + at, samples.rate(ours) / samples.rate("raw TCP"), 5, "x");
      report.atLeast(ours + " beside kcptun" + at, samples.rate(ours) / samples.rate("kcptun"), 0.5, "x");
    }
    if (loss == 20) {
      report.atLeast(ours + at, samples.rate(ours), 1, "MB/s");
    }
  }
}
