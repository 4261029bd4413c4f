package io.weft.itests.bench;

import io.weft.itests.bench.contender.RawTcp;
import io.weft.itests.bench.contender.WeftNodes;
import java.util.List;

/** Many connections at once through the same two nodes: is the total kept, and does each get its share. */
final class Parallel implements Benchmark {

  private static final int PORT = 5_401;
  private static final int ROUNDS = 5;
  private static final int SECONDS = 6;
  private static final int CONNECTIONS = 64;

  @Override
  public String name() {
    return "parallel";
  }

  @Override
  public String about() {
    return "64 connections at once, beside one";
  }

  @Override
  public void run(Report report) {
    try (Wire wire = Wire.up(1_500);
        WeftNodes weft = new WeftNodes(wire, PORT + 1)) {
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, 1);
      Iperf.run(wire, weft.host(), PORT + 1, PORT + 1, 15, CONNECTIONS);
      Samples one = Samples.take(report, wire, null, List.of(new RawTcp(), weft), PORT, ROUNDS, SECONDS, 1, 0);
      Samples many = Samples.take(report, wire, null, List.of(new RawTcp(), weft), PORT, ROUNDS, SECONDS, CONNECTIONS, 0);
      report.figure("raw TCP, one connection", one.rate("raw TCP"), "MB/s", "");
      report.figure("raw TCP, 64 connections", many.rate("raw TCP"), "MB/s", "");
      report.figure("weft, one connection", one.rate("weft"), "MB/s", "");
      report.figure("weft, 64 connections", many.rate("weft"), "MB/s", "");
      report.atLeast("64 connections beside one", many.rate("weft") / one.rate("weft"), 0.9, "x");
      report.atLeast("fairness among 64 (Jain)", many.fairness("weft"), 0.9, "");
    }
  }
}
