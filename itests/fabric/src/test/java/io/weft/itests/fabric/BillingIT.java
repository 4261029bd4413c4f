package io.weft.itests.fabric;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.itests.Command;
import io.weft.itests.process.NodeProcess;
import io.weft.itests.process.ProcessFabric;
import io.weft.support.JsonReader;
import io.weft.testkit.AnswerThief;
import io.weft.testkit.AnswerThief.Takes;
import io.weft.testkit.Await;
import io.weft.testkit.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Nodes, each a process, that keep the same books in one PostgreSQL; what they did is checked by queries that are not ours. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BillingIT {

  private static final int NODES = Integer.getInteger("weft.billing.nodes", 3);
  private static final int ACCOUNTS = Integer.getInteger("weft.billing.accounts", 4_000);
  private static final int KILLS = Integer.getInteger("weft.billing.kills", 1);
  private static final int HOURS = 24;
  private static final long BYTES = 524_288_000L + (10L << 30);
  private static final Duration SOON = Duration.ofMinutes(3 + ACCOUNTS / 2_000);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration BETWEEN_KILLS = Duration.ofSeconds(2);

  private static final int DEPOSITS = 500;
  private static final int ONE_OF = 67;

  @TempDir
  static Path deposits;

  private static final AtomicInteger COMMITS = new AtomicInteger();

  private static PostgresServer server;
  private static AnswerThief thief;
  private static ProcessFabric fabric;
  private static volatile boolean steals;

  @BeforeAll
  static void start() throws Exception {
    server = new PostgresServer("fsync=off");
    thief = new AnswerThief(server.port(), BillingIT::sometimes);
    String store = "store.postgres: {url: \"jdbc:postgresql://127.0.0.1:" + thief.port()
        + "/postgres?user=postgres&prepareThreshold=0\", connections: 4}";
    String billing = "billing: {settle.seconds: 0, deduction.every.seconds: 1, deposit.every.seconds: 1, batch.max: 100, "
        + "lock.ttl.seconds: 3}";
    String source = "billing.deposits.folder: [{name: bank, path: \"" + deposits + "\"}]";
    fabric = ProcessFabric.of(config -> config.line(store).line(billing).line(source),
        IntStream.rangeClosed(1, NODES).mapToObj(n -> "n" + n).toArray(String[]::new));
    fabric.nodes().forEach(node -> node.features("core,node,ops,billing").start());
    fabric.nodes().forEach(BillingIT::awaitBooks);
    open();
  }

  @AfterAll
  static void stop() {
    if (fabric != null) {
      fabric.close();
    }
    if (thief != null) {
      thief.close();
    }
    if (server != null) {
      server.close(); // null where the machine has none, and all of this is skipped
    }
  }

  /** With the server's side of the connection open, so that it waits for the COMMIT; or with the answer lost. */
  private static Takes sometimes() {
    int commit = steals ? COMMITS.incrementAndGet() : 1;
    return commit % ONE_OF != 0 ? Takes.NOTHING : commit / ONE_OF % 2 == 0 ? Takes.THE_COMMIT : Takes.THE_ANSWER;
  }

  /** One leads, the others stand by; the leader is killed, and another takes over and charges what is left. */
  @Test
  @Order(1)
  void leadersThatAreKilledWhileTheyCharge() throws Exception {
    steals = true;
    deposits("1.csv", 1, DEPOSITS);
    for (int kill = 1; kill <= KILLS; kill++) {
      long before = charges();
      await("the charging to go on", () -> charges() > before || isCharged());
      NodeProcess leader = awaitLeader(List.of());
      long others = fabric.nodes().stream().filter(node -> node != leader && holds(node)).count();
      assertThat(others).as("other leaders").isZero();
      leader.kill();
      awaitLeader(List.of(leader));
      leader.start();
      deposits(2 + kill + ".csv", 1, 2 * DEPOSITS); // those of the first file again
      LockSupport.parkNanos(KILLS > 1 ? BETWEEN_KILLS.toNanos() : 0);
    }
    fabric.nodes().forEach(BillingIT::awaitBooks);
    assertThat(fabric.nodes()).anyMatch(node -> node.log().contains("billing lock standby"));
  }

  /** It stands still with its connections open, as a machine that sleeps, and goes on when another one leads. */
  @Test
  @Order(2)
  void aLeaderThatStandsStillLosesTheLockAndIsRefusedWhenItGoesOn() throws Exception {
    NodeProcess leader = awaitLeader(List.of());
    leader.pause();
    try {
      awaitLeader(List.of(leader));
    } finally {
      leader.resume();
    }
    awaitCharged();
    await("it to know that it has lost the lock", () -> leader.log().contains("billing lock lost"));
  }

  @Test
  @Order(3)
  void everybodyPaidOnceForEachHourAndWasCreditedOnce() throws Exception {
    awaitCharged();
    await("the deposits to be credited",
        () -> number("SELECT count(*) FROM weft_billing.entries WHERE type = 'deposit'") >= 2 * DEPOSITS);
    steals = false;
    assertThat(thief.taken()).as("COMMITs or their answers stolen").isPositive();
    assertThat(fabric.nodes()).anyMatch(node -> node.log().contains("commit read back"));
    assertThat(number("SELECT count(*) + 1000000 * count(DISTINCT reference) + sum(amount - 2.5) FROM weft_billing.entries "
        + "WHERE type = 'deposit'")).as("deposits, each once").isEqualTo(1_000_001L * 2 * DEPOSITS);
    assertThat(wrong()).isEqualTo("0 missed, 0 double, 0 balances");
    assertThat(number("SELECT count(DISTINCT actor) FROM weft_billing.entries")).as("nodes that charged").isGreaterThan(1);
    await("a standby to say why it does not charge", () -> fabric.nodes().stream().anyMatch(node -> why(node)
        .contains("the last run here said: standby: another node holds the lock of the database")));
    Command.Result verified = fabric.nodes().get(0).ask("billing", "verify");
    assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
  }

  /** With other nodes at work on the same database. */
  @Test
  @Order(4)
  void everyDrillIsGreen() throws Exception {
    Command.Result drills = fabric.nodes().get(NODES - 1).ask("drill", "run", "d1", "d2", "d3", "d4", "d5", "--json");
    assertThat(drills.exitCode()).as(drills.out() + drills.err()).isZero();
    assertThat(JsonReader.read(drills.out())).isInstanceOfSatisfying(Map.class, map -> {
      assertThat(map.get("good")).isEqualTo(true);
      assertThat((List<?>) map.get("drills")).hasSize(5);
    });
  }

  /** What people wrote into the nodes is in none of what the nodes wrote. */
  @Test
  @Order(5)
  void nobodyIsInTheDumpOrTheLogs() {
    assertThat(server.dump()).doesNotContain("example.org").contains("weft_billing");
    fabric.nodes().forEach(node -> assertThat(node.log()).doesNotContain("example.org"));
  }

  @Test
  @Order(6)
  void theTablesGoBackAndForthAndTheMoneyStays() throws Exception {
    List<NodeProcess> nodes = fabric.nodes();
    NodeProcess node = nodes.get(0);
    long charges = charges();
    await("those who were cut off to be forgotten", () -> number("SELECT count(*) FROM pg_stat_activity "
        + "WHERE state = 'idle in transaction' AND state_change < now() - interval '2 s'") == 0);
    nodes.subList(1, NODES).forEach(other -> other.terminate(SOON));
    assertThat(node.ask("billing:migrate", "status").exitCode()).isZero();
    assertThat(node.ask("billing:migrate", "plan").out()).contains("up to date at 5");
    assertThat(node.ask("billing:migrate", "down", "0").out()).contains("take back 1 (ledger)", "add --yes");
    Command.Result down = node.ask("billing:migrate", "down", "0", "--yes");
    assertThat(down.err()).contains("migration 1 (ledger) is not taken back, since this would be lost: ledger entries");
    assertThat(down.exitCode()).isEqualTo(3);
    assertThat(node.ask("billing:migrate", "status").out()).contains("held at 1 of 5");
    assertThat(charges()).isGreaterThanOrEqualTo(charges);
    assertThat(node.ask("billing:migrate", "apply", "--yes").out())
        .contains("applied 2 (charges-by-hour)", "applied 5 (gone-deposits)");
    awaitBooks(node);
    awaitCharged();
    assertThat(node.ask("billing", "verify").exitCode()).isZero();
    assertThat(wrong()).isEqualTo("0 missed, 0 double, 0 balances");
  }

  private static void open() throws IOException {
    NodeProcess first = fabric.nodes().get(0);
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= ACCOUNTS; i++) {
      lines.append("user").append(i).append("@example.org,").append(BYTES).append('\n');
    }
    Path file = Files.writeString(first.home().resolve("accounts.csv"), lines);
    String since = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(HOURS, ChronoUnit.HOURS).toString().substring(0, 13);
    Command.Result opened = first.ask("billing", "import", file.toString(), "--since", since, "--credit", "1000", "--yes");
    assertThat(opened.exitCode()).as(opened.err()).isZero();
  }

  /** Whole at once, as the page for operators asks for. */
  private static void deposits(String name, int first, int last) throws IOException {
    StringBuilder lines = new StringBuilder("id,payer,amount,time\n");
    for (int i = first; i <= last; i++) {
      lines.append("d").append(i).append(",user").append(1 + i % ACCOUNTS).append("@example.org,2.5,2026-01-31T00:00:00Z\n");
    }
    Path part = Files.writeString(deposits.resolve(name + ".part"), lines);
    Files.move(part, deposits.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void awaitBooks(NodeProcess node) {
    await("the books on " + node.name(), () -> !status(node).isEmpty());
  }

  private static String why(NodeProcess node) {
    try {
      return node.ask("job", "why", "hourly-deduction").out();
    } catch (IOException e) {
      return ""; // it does not answer right now
    }
  }

  private static NodeProcess awaitLeader(List<NodeProcess> not) {
    await("a leader", () -> leader(not).isPresent());
    return leader(not).orElseGet(() -> awaitLeader(not));
  }

  private static Optional<NodeProcess> leader(List<NodeProcess> not) {
    return fabric.nodes().stream().filter(node -> !not.contains(node) && node.isAlive() && holds(node)).findFirst();
  }

  private static boolean holds(NodeProcess node) {
    return Boolean.TRUE.equals(status(node).get("holder"));
  }

  private static long charges() throws SQLException {
    return number("SELECT count(*) FROM weft_billing.entries WHERE type = 'charge'");
  }

  private static void awaitCharged() {
    await("every hour to be charged", BillingIT::isCharged);
  }

  private static boolean isCharged() throws SQLException {
    return number("SELECT count(done_at) FROM weft_billing.periods HAVING bool_and(done_at IS NOT NULL)") >= HOURS;
  }

  /** Empty while it does not answer. */
  private static Map<?, ?> status(NodeProcess node) {
    try {
      String out = node.ask("billing", "status", "--json").out();
      return out.startsWith("{") && JsonReader.read(out) instanceof Map<?, ?> map
          && map.get("billing") instanceof Map<?, ?> billing ? billing : Map.of();
    } catch (IOException e) {
      return Map.of();
    }
  }

  /** By the entries alone, for every account and every hour from its first one on. */
  private static String wrong() throws SQLException {
    return number("""
        SELECT count(*) FROM weft_billing.accounts a CROSS JOIN weft_billing.periods p LEFT JOIN weft_billing.entries e
          ON e.account = a.number AND e.period = p.hour
          WHERE p.hour >= a.since AND p.done_at IS NOT NULL AND e.id IS NULL""") + " missed, "
        + number("""
        SELECT count(*) FROM (SELECT 1 FROM weft_billing.entries WHERE type = 'charge'
          GROUP BY account, period HAVING count(*) > 1) d""") + " double, " + number("""
        SELECT count(*) FROM weft_billing.accounts a
          JOIN (SELECT account, sum(amount) AS amount FROM weft_billing.entries GROUP BY account) e
          ON e.account = a.number WHERE a.balance <> e.amount""") + " balances";
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  /** Looks seldom, since looking takes from those who charge. */
  private static void await(String what, Condition condition) {
    Await.until(what, SOON, () -> {
      LockSupport.parkNanos(LOOK.toNanos());
      return condition.holds();
    });
  }

  private static long number(String sql) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.url());
    try (Connection connection = source.getConnection(); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : -1;
    }
  }
}
