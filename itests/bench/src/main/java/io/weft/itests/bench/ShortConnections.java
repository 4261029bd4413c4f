package io.weft.itests.bench;

import io.weft.itests.net.Ports;
import io.weft.itests.process.ProcessFabric;
import java.util.ArrayList;
import java.util.List;

/** Many connections that carry one small request each: how many a second, and does any fail. */
final class ShortConnections implements Benchmark {

  private static final int COUNT = 10_000;
  private static final int AT_ONCE = 64;
  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "connections";
  }

  @Override
  public String about() {
    return "10,000 short connections, 64 at once, beside direct ones";
  }

  @Override
  public void run(Report report) throws Exception {
    int port = Ports.freeTcp();
    try (ConnectionStorm storm = new ConnectionStorm();
        ProcessFabric fabric = ProcessFabric.of(config -> {
          if (config.name().equals("b")) {
            config.expose("echo", "tcp", "127.0.0.1:" + storm.echoPort(), "a");
          } else {
            config.forward("echo", "b", "tcp", "127.0.0.1:" + port);
          }
        }, "a", "b").start()) {
      storm.run(port, COUNT, AT_ONCE);
      List<Double> direct = new ArrayList<>();
      List<Double> through = new ArrayList<>();
      long failed = 0;
      for (int round = 0; round < ROUNDS; round++) {
        double idle = Cpu.awaitIdle();
        ConnectionStorm.Outcome near = storm.run(storm.echoPort(), COUNT, AT_ONCE);
        ConnectionStorm.Outcome far = storm.run(port, COUNT, AT_ONCE);
        direct.add(near.perSecond());
        through.add(far.perSecond());
        failed += far.failed();
        report.sample("round", round, "direct_per_s", near.perSecond(), "weft_per_s", far.perSecond(), "weft_failed", far.failed(),
            "first_failure", far.firstFailure(), "idle_before", idle);
      }
      report.figure("direct", Stats.median(direct), "1/s", "");
      report.atLeast("through two nodes", Stats.median(through), 3_000, "1/s");
      report.atMost("failed, of " + ROUNDS * COUNT, failed, 0, "");
    }
  }
}
