package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.process.Distribution;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * From the command to a node that is ready, to a fabric whose links are up, and what an idle node weighs. It reads the log of a node instead of
 * asking it: with two processors a node that is asked while it starts starts later.
 */
final class Startup implements Benchmark {

  private static final int ROUNDS = 5;
  private static final Duration MOST = Duration.ofSeconds(60);

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
    String elsewhere = temporary().toString(); // an empty cache: nodes look for their archive there and find none
    Command.of(List.of(Distribution.weft().toString(), "archive")).run().orFail();
    List<Double> newHome = new ArrayList<>();
    List<Double> without = new ArrayList<>();
    List<Double> alone = new ArrayList<>();
    List<Double> three = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      double idle = Cpu.awaitIdle();
      try (ProcessFabric fabric = ProcessFabric.of(config -> {}, "a")) {
        newHome.add(secondsAlone(fabric, 1));
        alone.add(secondsAlone(fabric, 2));
        fabric.node("a").env("WEFT_CACHE_DIR", elsewhere);
        without.add(secondsAlone(fabric, 3));
      }
      try (ProcessFabric fabric = ProcessFabric.of(config -> {}, "a", "b", "c")) {
        secondsThree(fabric, 1);
        fabric.nodes().forEach(node -> node.terminate(MOST));
        three.add(secondsThree(fabric, 2));
        Cpu.awaitIdle();
        resident.add(fabric.nodes().stream().mapToDouble(node -> Cpu.residentMebibytes(node.pid())).max().orElseThrow());
      }
      report.sample("round", round, "new_home_s", newHome.get(round), "without_archive_s", without.get(round), "alone_s", alone.get(round),
          "three_s", three.get(round), "resident_mib", resident.get(round), "idle_before", idle);
    }
    report.figure("one node ready, the first time in a new home", Stats.median(newHome), "s", "all jars are installed and their hashes checked");
    report.atMost("one node ready", Stats.median(without), 1.5, "s");
    report.atMost("one node ready, with a class-data archive", Stats.median(alone), 0.9, "s");
    report.atMost("three nodes, all links up", Stats.median(three), 3, "s");
    report.atMost("resident memory of an idle node with two links", Stats.median(resident), 128, "MiB");
  }

  /** @param times how often it has been started then; it runs when this begins only if it has not */
  private static double secondsAlone(ProcessFabric fabric, int times) {
    NodeProcess node = fabric.node("a");
    if (times > 1) {
      node.terminate(MOST);
    }
    Cpu.awaitIdle();
    long start = System.nanoTime();
    node.start();
    awaitLog(node, () -> node.log().lines().filter(line -> line.contains("node ready")).count() == times);
    return (System.nanoTime() - start) / 1e9;
  }

  private static double secondsThree(ProcessFabric fabric, int times) {
    Cpu.awaitIdle();
    long start = System.nanoTime();
    fabric.nodes().forEach(NodeProcess::start);
    for (NodeProcess node : fabric.nodes()) {
      awaitLog(node, () -> fabric.nodes().stream().filter(peer -> peer != node).allMatch(peer -> node.linksUp(peer.name()) >= times));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    fabric.awaitLinks(); // they are still up, and status says so
    return seconds;
  }

  private static void awaitLog(NodeProcess node, BooleanSupplier said) {
    Await.until("the log of " + node.name(), MOST, said::getAsBoolean);
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("weft-no-archive");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
