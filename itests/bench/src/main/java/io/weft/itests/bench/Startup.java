package io.weft.itests.bench;

import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import java.util.ArrayList;
import java.util.List;

/** From the command to a node that is ready, to a fabric whose links are up, and what an idle node weighs. */
final class Startup implements Benchmark {

  private static final int ROUNDS = 5;

  @Override
  public String name() {
    return "startup";
  }

  @Override
  public String about() {
    return "time until one node is ready and until three have all their links; memory of an idle node";
  }

  @Override
  public void run(Report report) {
    List<Double> alone = new ArrayList<>();
    List<Double> three = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    for (int round = 0; round <= ROUNDS; round++) {
      double idle = Cpu.awaitIdle();
      double one = secondsAlone();
      double all;
      double mebibytes;
      Cpu.awaitIdle();
      try (ProcessFabric fabric = ProcessFabric.of(config -> {}, "a", "b", "c")) {
        long start = System.nanoTime();
        fabric.start();
        all = (System.nanoTime() - start) / 1e9;
        Cpu.awaitIdle();
        mebibytes = fabric.nodes().stream().mapToDouble(node -> Cpu.residentMebibytes(node.pid())).max().orElseThrow();
      }
      report.sample("round", round, "alone_s", one, "three_s", all, "resident_mib", mebibytes, "idle_before", idle);
      if (round > 0) { // the first makes the class-data archive
        alone.add(one);
        three.add(all);
        resident.add(mebibytes);
      }
    }
    report.atMost("one node ready, with a class-data archive", Stats.median(alone), 0.9, "s");
    report.atMost("three nodes, all links up", Stats.median(three), 3, "s");
    report.atMost("resident memory of an idle node with two links", Stats.median(resident), 128, "MiB");
  }

  private static double secondsAlone() {
    try (ProcessFabric fabric = ProcessFabric.of(config -> {}, "a")) {
      NodeProcess node = fabric.node("a");
      long start = System.nanoTime();
      node.start().awaitReady();
      return (System.nanoTime() - start) / 1e9;
    }
  }
}
