package io.weft.launcher.demo;

import io.weft.launcher.Failure;
import io.weft.support.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** Ten thousand accounts, two days of hours to charge, and a node that is killed while it charges them, twice. */
final class BillingStory {

  private static final Duration ACT_MAX = Duration.ofSeconds(120);
  private static final Duration CHARGE_MAX = Duration.ofMinutes(6);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int ACCOUNTS = 10_000;
  private static final int HOURS = 48;
  private static final long BYTES = 524_288_000L + (10L << 30);

  private final BillingDemo demo;
  private final Progress progress;
  private final Steps steps;
  private final List<DemoNode> killed = new ArrayList<>();
  private Instant since = Instant.EPOCH;

  BillingStory(BillingDemo demo, Progress progress) {
    this.demo = demo;
    this.progress = progress;
    this.steps = new Steps(progress);
  }

  /** Returns whether every step worked. */
  boolean tell() throws InterruptedException {
    progress.note("""
        Three nodes a, b and c on this machine keep the same books, in a PostgreSQL that a runs. %,d accounts owe %d hours each; whoever
        has the lock of the database charges them, and is killed while it does, twice.
        """.formatted(ACCOUNTS, HOURS));
    return steps.step("start three nodes", () -> Nodes.start(demo.nodes()))
        && steps.step("link every node with every other", () -> Nodes.link(demo.nodes()))
        && steps.step("the tables are there for all of them", this::books)
        && steps.step("open " + ACCOUNTS + " accounts that owe " + HOURS + " hours", this::open)
        && steps.step("kill -9 who charges them, 1 of 2", () -> kill(HOURS * 2 / 3))
        && steps.step("kill -9 who goes on, 2 of 2", () -> kill(HOURS / 3))
        && steps.step("all hours are charged by the one that is left", this::charged)
        && steps.step("start the two again", this::restart)
        && steps.step("credit " + ACCOUNTS + " deposits from a file", this::credit)
        && steps.step("give them all again", this::replay)
        && steps.step("run the drills", this::drills)
        && steps.step("verify the books", this::verify)
        && steps.allGood();
  }

  private DemoNode first() {
    return demo.nodes().stream().filter(node -> !killed.contains(node)).findFirst().orElseThrow();
  }

  private String books() throws DemoFailed {
    long start = System.nanoTime();
    for (DemoNode node : demo.nodes()) {
      node.await("books on " + node.name(), ACT_MAX, () -> status(node).isPresent());
    }
    return "after " + Steps.seconds(start);
  }

  private String open() throws DemoFailed, IOException {
    Path file = demo.file("accounts.csv");
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= ACCOUNTS; i++) {
      lines.append("user").append(i).append("@example.org,").append(BYTES).append('\n');
    }
    Files.writeString(file, lines);
    since = Instant.now().truncatedTo(ChronoUnit.HOURS).minus(HOURS, ChronoUnit.HOURS);
    String hour = since.toString().substring(0, "2026-01-31T09".length());
    Object answer = JsonReader.read(
        first().must("billing", "import", file.toString(), "--since", hour, "--credit", "100", "--yes", "--json"));
    Files.delete(file);
    return answer instanceof Map<?, ?> map ? map.get("opened") + " opened, charged from " + hour + " on; only hashes of who they are are kept"
        : "";
  }

  /** Whoever charges when there are no more than so many hours left. */
  private String kill(int left) throws DemoFailed, InterruptedException {
    first().await("progress of the charging", CHARGE_MAX, () -> number(first(), "hours_owed") <= left);
    DemoNode holder = holder().orElseThrow(() -> new DemoFailed("nobody has the lock"));
    long owed = number(first(), "hours_owed");
    holder.kill();
    killed.add(holder);
    long since = System.nanoTime();
    first().await("another one who charges", ACT_MAX, () -> holder().isPresent());
    String gap = Steps.seconds(since);
    return holder.name() + " -> " + holder().map(DemoNode::name).orElse("?") + " after " + gap + ", with " + owed + " hours left";
  }

  private Optional<DemoNode> holder() {
    return demo.nodes().stream().filter(node -> !killed.contains(node))
        .filter(node -> status(node).filter(s -> Boolean.TRUE.equals(s.get("holder"))).isPresent()).findFirst();
  }

  private String restart() throws DemoFailed, IOException {
    for (DemoNode node : killed) {
      node.start();
    }
    for (DemoNode node : killed) {
      Nodes.awaitReady(node);
      node.await("books on " + node.name(), ACT_MAX, () -> status(node).isPresent());
    }
    String names = String.join(" and ", killed.stream().map(DemoNode::name).sorted().toList());
    killed.clear();
    return names + " are back";
  }

  private String charged() throws DemoFailed {
    first().await("end of the charging", CHARGE_MAX, () -> number(first(), "hours_owed") == 0);
    return "up to " + lastCharged();
  }

  private String lastCharged() throws DemoFailed {
    return status(first()).map(s -> String.valueOf((Object) s.get("last_charged")))
        .orElseThrow(() -> new DemoFailed(first().name() + " does not answer"));
  }

  private String credit() throws DemoFailed, IOException {
    StringBuilder lines = new StringBuilder("id,payer,amount,time\n");
    for (int i = 1; i <= ACCOUNTS; i++) {
      lines.append(i).append(",user").append(i).append("@example.org,5.00,2026-01-01T00:00:00Z\n");
    }
    put("1-deposits.csv", lines.toString());
    first().await("credits", CHARGE_MAX, () -> number(first(), "deposits") == ACCOUNTS);
    return ACCOUNTS + " of 5 each: recorded, credited and claimed in one transaction";
  }

  /** The same file under another name; and one deposit behind it, which shows that all of it was read. */
  private String replay() throws DemoFailed, IOException {
    String all = Files.readString(demo.deposits().resolve("1-deposits.csv"));
    put("2-again.csv", all);
    put("3-last.csv", "id,payer,amount,time\nlast,user1@example.org,1.00,2026-01-01T00:00:00Z\n");
    first().await("the deposit behind them", CHARGE_MAX, () -> number(first(), "deposits") > ACCOUNTS);
    long credited = number(first(), "deposits");
    if (credited != ACCOUNTS + 1) {
      throw new DemoFailed(credited + " deposits were credited, of " + (ACCOUNTS + 1));
    }
    return "none counted twice";
  }

  private void put(String name, String text) throws IOException {
    Path part = Files.writeString(demo.deposits().resolve(name + ".part"), text);
    Files.move(part, demo.deposits().resolve(name));
  }

  private String drills() throws DemoFailed {
    Object answer = JsonReader.read(first().must("drill", "run", "d1", "d2", "d3", "d4", "d5", "--json"));
    return answer instanceof Map<?, ?> map && map.get("drills") instanceof List<?> drills ? drills.size() + " of 5 good" : "";
  }

  private String verify() throws DemoFailed {
    charged(); // another hour may have ended meanwhile
    if (!(JsonReader.read(first().must("billing", "verify", "--json")) instanceof Map<?, ?> books)) {
      throw new DemoFailed("billing:verify says nothing");
    }
    Instant last = Instant.parse(lastCharged().substring("hour:".length()) + ":00:00Z");
    long hours = ChronoUnit.HOURS.between(since, last) + 1;
    long expected = hours * ACCOUNTS + ACCOUNTS + 1;
    if (!(books.get("entries") instanceof Long entries) || entries != expected) {
      throw new DemoFailed(books.get("entries") + " entries instead of " + expected);
    }
    return String.format("%,d charges (%d hours of %,d accounts, each once) and %,d deposits; sum of all balances %s",
        hours * ACCOUNTS, hours, ACCOUNTS, ACCOUNTS + 1, books.get("balance"));
  }

  private static long number(DemoNode node, String key) {
    return status(node).map(s -> s.get(key) instanceof Long number ? number : -1L).orElse(Long.MAX_VALUE);
  }

  /** Empty while it does not say. Not more than some times a second, since counting takes from those who charge. */
  private static Optional<Map<?, ?>> status(DemoNode node) {
    LockSupport.parkNanos(LOOK.toNanos());
    try {
      DemoNode.Answer answer = node.ask("billing", "status", "--json");
      return answer.code() == 0 && JsonReader.read(answer.out()) instanceof Map<?, ?> map
          && map.get("billing") instanceof Map<?, ?> status ? Optional.of(status) : Optional.empty();
    } catch (Failure | IllegalArgumentException notYet) {
      return Optional.empty();
    }
  }
}
