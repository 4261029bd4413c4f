package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.bench.contender.WeftNodes;
import io.weft.itests.net.Pattern;
import io.weft.itests.net.Transfer;
import io.weft.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A long transfer to a reader that is slower than the sender and pauses, over a path that loses much: does it arrive whole, each time. */
final class SlowReader implements Benchmark {

  private static final int PORT = 5_601;
  private static final int RUNS = Integer.getInteger("runs", 20);
  private static final long BLOCKS = (1L << 30) / Pattern.BLOCK;
  private static final double MEGABYTES_PER_SECOND = 150;
  private static final double LOSS_PERCENT = 5;

  @Override
  public String name() {
    return "slow-reader";
  }

  @Override
  public String about() {
    return "1 GiB to a slow reader at 5 % loss, " + RUNS + " times";
  }

  @Override
  public void run(Report report) throws Exception {
    try (Wire wire = Wire.up(1_500);
        WeftNodes weft = new WeftNodes(wire, PORT)) {
      Path log = wire.directory().resolve("transfer.log");
      Process server = Command.of(java(wire.insideB(), "serve", "127.0.0.1", PORT)).start(log);
      try {
        Await.until("the sender", Duration.ofSeconds(20), () -> Files.readString(log).contains("listening"));
        wire.loss(LOSS_PERCENT);
        List<Double> seconds = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
          List<String> reader = java(wire.insideA(), "read", "127.0.0.1", PORT);
          reader.add(Double.toString(MEGABYTES_PER_SECOND));
          String answer = Command.of(reader).within(Duration.ofMinutes(5)).run().orFail().strip();
          report.sample("run", run, "answer", answer);
          if (answer.startsWith("whole ")) {
            seconds.add(Double.parseDouble(answer.substring("whole ".length())));
          }
        }
        report.atLeast("transfers of 1 GiB that arrived whole, of " + RUNS, seconds.size(), RUNS, "");
        report.figure("seconds for one", Stats.median(seconds), "s", "");
        report.figure("slowest", seconds.stream().mapToDouble(s -> s).max().orElse(Double.NaN), "s", "");
      } finally {
        server.destroyForcibly();
      }
    }
  }

  private static List<String> java(List<String> prefix, String mode, String host, int port) {
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of(ProcessHandle.current().info().command().orElse("java"), "-Xmx64m", "-XX:+UseSerialGC", "-cp",
        System.getProperty("java.class.path"), Transfer.class.getName(), mode, host, Integer.toString(port), Long.toString(BLOCKS)));
    return words;
  }
}
