package io.weft.itests.bench;

import io.weft.itests.net.EchoServer;
import io.weft.itests.net.Ports;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Bundles of a node are updated while a thousand requests a second go through it. */
final class HotSwap implements Benchmark {

  private static final int CLIENTS = 10;
  private static final int PER_SECOND = 1_000;
  private static final int SWAPS = 5;
  private static final long BEFORE_NANOS = 10_000_000_000L;
  private static final long APART_NANOS = 2_000_000_000L;
  private static final int P99_FACTOR = 5;

  @Override
  public String name() {
    return "hot-swap";
  }

  @Override
  public String about() {
    return "discovery, secrets, transport and forwarding are updated under 1,000 requests a second: what is lost, and the delay";
  }

  @Override
  public void run(Report report) throws Exception {
    int port = Ports.freeTcp();
    try (EchoServer echo = new EchoServer();
        ProcessFabric fabric = ProcessFabric.of(config -> {
          if (config.name().equals("b")) {
            config.expose("echo", "tcp", echo.address(), "a");
          } else {
            config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
          }
        }, "a", "b").start()) {
      for (String bundle : List.of("discovery.basic", "secret.basic", "transport.quic", "forward")) {
        swap(report, fabric.node("a"), port, bundle);
        fabric.node("a").awaitLinks("b");
      }
    }
  }

  private static void swap(Report report, NodeProcess node, int port, String bundle) throws Exception {
    try (PacedRequests requests = new PacedRequests(port, CLIENTS, PER_SECOND)) {
      pause(APART_NANOS); // the first of them are slower
      long start = System.nanoTime();
      pause(BEFORE_NANOS);
      long swapping = System.nanoTime();
      for (int i = 0; i < SWAPS; i++) {
        node.ask("bundle:update", "io.weft." + bundle, "--yes").orFail();
        pause(APART_NANOS);
      }
      long end = System.nanoTime();
      requests.close();
      PacedRequests.Outcome before = requests.between(start, swapping);
      PacedRequests.Outcome during = requests.between(swapping, end);
      report.sample("bundle", bundle, "asked", during.asked(), "lost", during.lost().size(), "p99_ms_before", before.p99Millis(),
          "p99_ms_during", during.p99Millis(), "losses", during.lost().stream().distinct().limit(5).toList());
      report.figure(bundle + ": 99th percentile before", before.p99Millis(), "ms", "");
      report.atMost(bundle + ": 99th percentile while it is updated", during.p99Millis(), P99_FACTOR * before.p99Millis(), "ms");
      report.atMost(bundle + ": requests lost in " + SWAPS + " updates", during.lost().size(), 0, "");
    }
  }

  private static void pause(long nanos) {
    long end = System.nanoTime() + nanos;
    while (end - System.nanoTime() > 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }
}
