package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A node charges an hour to a million accounts, in the PostgreSQL that it runs, with every safety on and fsync too. */
final class BillingCharges implements Benchmark {

  private static final int ACCOUNTS = Integer.getInteger("weft.accounts", 1_000_000);
  private static final long BYTES = 524_288_000L + (10L << 30);
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final Pattern LONGEST = Pattern.compile("longest_transaction_ms=(\\d+)");
  private static final String BILLING = "billing: {settle.seconds: %d, deduction.every.seconds: 1}";

  @Override
  public String name() {
    return "billing";
  }

  @Override
  public String about() {
    return "an hour charged to " + ACCOUNTS + " accounts, each once, on PostgreSQL with fsync";
  }

  @Override
  public void run(Report report) throws IOException {
    Path database = ServerProcess.temporaryDirectory("weft-bench-billing");
    String store = "store.postgres: {directory: \"" + database + "\"}";
    // Nothing is charged before every account is open.
    try (ProcessFabric fabric = ProcessFabric.of(config -> config.line(store).line(BILLING.formatted(3_600)), "a")) {
      NodeProcess node = fabric.node("a").features("core,node,ops,billing").start().awaitReady();
      Await.until("the books", LONG, () -> node.ask("billing", "status").exitCode() == 0);
      open(node, report);
      node.config().clearLines().line(store).line(BILLING.formatted(0));
      node.rewriteConfig();
      Await.until("the charging to begin", LONG, () -> status(node, "hours_owed") > 0);
      long start = System.nanoTime();
      Await.until("the hour to be charged", LONG, () -> status(node, "hours_owed") == 0);
      double seconds = (System.nanoTime() - start) / 1e9;
      report.figure("accounts", ACCOUNTS, "", "");
      report.atLeast("charges per second", ACCOUNTS / seconds, 12_000, "/s");
      report.atMost("longest transaction", longest(node), 1_000, "ms");
      start = System.nanoTime();
      boolean good = node.ask("billing", "verify").exitCode() == 0;
      report.figure("checking the books as a whole", (System.nanoTime() - start) / 1e9, "s", "");
      report.atMost("books that are wrong", good ? 0 : 1, 0, "");
      node.terminate(LONG); // a server outlives a node that is killed
    } finally {
      ServerProcess.delete(database);
    }
  }

  private static void open(NodeProcess node, Report report) throws IOException {
    Path file = node.home().resolve("accounts.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 1; i <= ACCOUNTS; i++) {
        out.write("user" + i + "@example.org," + BYTES + "\n");
      }
    }
    String since = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS).toString().substring(0, 13);
    long start = System.nanoTime();
    Command.Result opened = node.ask("billing", "import", file.toString(), "--since", since, "--credit", "1000", "--yes");
    if (opened.exitCode() != 0) {
      throw new AssertionError(opened.err());
    }
    report.figure("accounts opened per second", ACCOUNTS / ((System.nanoTime() - start) / 1e9), "/s", "");
  }

  private static long status(NodeProcess node, String key) throws IOException {
    return JsonReader.read(node.ask("billing", "status", "--json").out()) instanceof Map<?, ?> map
        && map.get("billing") instanceof Map<?, ?> billing && billing.get(key) instanceof Long number ? number : -1;
  }

  private static double longest(NodeProcess node) {
    Matcher matcher = LONGEST.matcher(node.log());
    double longest = -1;
    while (matcher.find()) {
      longest = Math.max(longest, Double.parseDouble(matcher.group(1)));
    }
    if (longest < 0) {
      throw new AssertionError("the log does not say how long transactions took");
    }
    return longest;
  }
}
