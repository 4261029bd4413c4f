package io.weft.itests.bench;

import io.weft.itests.Command;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node charges hours to a million accounts, in the PostgreSQL that it runs, with every safety on and fsync too. Beside it, what this
 * PostgreSQL does on this machine if the same rows are only inserted.
 */
final class BillingCharges implements Benchmark {

  private static final int ACCOUNTS = Integer.getInteger("weft.accounts", 1_000_000);
  private static final int HOURS = Math.max(2, Integer.getInteger("weft.hours", 2));
  private static final long BYTES = 524_288_000L + (10L << 30);
  private static final Duration LONG = Duration.ofMinutes(20);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Pattern LONGEST = Pattern.compile("longest_transaction_ms=(\\d+)");
  private static final String BILLING = "billing: {settle.seconds: 0, deduction.every.seconds: 1, catch.up.max.hours: %d}";

  @Override
  public String name() {
    return "billing";
  }

  @Override
  public String about() {
    return HOURS + " hours charged to " + ACCOUNTS + " accounts, each once, on PostgreSQL with fsync";
  }

  @Override
  public void run(Report report) throws IOException, SQLException {
    Path directory = ServerProcess.temporaryDirectory("weft-bench-billing");
    String store = "store.postgres: {directory: \"" + directory + "\"}";
    // Nothing is charged before every account is open: so many hours may not be owed.
    try (ProcessFabric fabric = ProcessFabric.of(config -> config.line(store).line(BILLING.formatted(1)), "a")) {
      NodeProcess node = fabric.node("a").features("core,node,ops,billing").start().awaitReady();
      await("the books", () -> node.ask("billing", "status").exitCode() == 0);
      open(node, report);
      try (BooksDatabase database = new BooksDatabase(directory)) {
        charge(node, store, database, report);
      }
      node.terminate(LONG); // a server outlives a node that is killed
    } finally {
      ServerProcess.delete(directory);
    }
  }

  private static void charge(NodeProcess node, String store, BooksDatabase database, Report report) throws IOException, SQLException {
    report.figure("accounts", ACCOUNTS, "", "");
    double before = database.insertsPerSecond(ACCOUNTS);
    node.config().clearLines().line(store).line(BILLING.formatted(744));
    node.rewriteConfig();
    await("every hour to be charged", () -> database.hoursDone() >= HOURS);
    double after = database.insertsPerSecond(ACCOUNTS);
    double baseline = Stats.median(List.of(before, after));
    double slowest = Double.MAX_VALUE;
    for (double seconds : database.secondsPerHour()) {
      report.sample("accounts", ACCOUNTS, "seconds", seconds, "charges_per_second", ACCOUNTS / seconds);
      slowest = Math.min(slowest, ACCOUNTS / seconds);
    }
    report.atLeast("charges per second, in the slowest hour", slowest, 12_000, "/s");
    report.figure("baseline: the same rows, only inserted", baseline, "/s", "before and after: %.0f, %.0f".formatted(before, after));
    report.figure("charges per insert of the baseline", slowest / baseline, "", "a charge is an insert, an update, and the gate");
    report.atMost("longest transaction", longest(node), 1_000, "ms");
    long start = System.nanoTime();
    boolean good = node.ask("billing", "verify").exitCode() == 0;
    report.figure("checking the books as a whole", (System.nanoTime() - start) / 1e9, "s", "");
    report.atMost("books that are wrong", good ? 0 : 1, 0, "");
  }

  private interface Condition {
    boolean holds() throws IOException, SQLException;
  }

  /** Looks seldom, since counting takes from those who charge. */
  private static void await(String what, Condition condition) {
    Await.until(what, LONG, () -> {
      LockSupport.parkNanos(LOOK.toNanos());
      return condition.holds();
    });
  }

  private static void open(NodeProcess node, Report report) throws IOException {
    Path file = node.home().resolve("accounts.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 1; i <= ACCOUNTS; i++) {
        out.write("user" + i + "@example.org," + BYTES + "\n");
      }
    }
    String since = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(HOURS, ChronoUnit.HOURS).toString().substring(0, 13);
    long start = System.nanoTime();
    Command.Result opened = node.ask("billing", "import", file.toString(), "--since", since, "--credit", "1000", "--yes");
    if (opened.exitCode() != 0) {
      throw new AssertionError(opened.err());
    }
    report.figure("accounts opened per second", ACCOUNTS / ((System.nanoTime() - start) / 1e9), "/s", "");
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
