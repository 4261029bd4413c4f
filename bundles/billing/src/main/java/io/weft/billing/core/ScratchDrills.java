package io.weft.billing.core;

import io.weft.billing.BillingUnavailable;
import io.weft.billing.Deposit;
import io.weft.billing.DepositBatch;
import io.weft.billing.DepositSource;
import io.weft.billing.DrillReport;
import io.weft.billing.DrillStep;
import io.weft.billing.Drills;
import io.weft.billing.Finding;
import io.weft.billing.Verification;
import io.weft.billing.ledger.Audit;
import io.weft.billing.ledger.DatabaseLock;
import io.weft.billing.ledger.ScratchBooks;
import io.weft.billing.ledger.SqlFailures;
import io.weft.billing.ledger.Standing;
import io.weft.node.Clock;
import io.weft.store.DatabaseInfo;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drills; what they break are books that they made themselves. */
@Component(name = "weft.billing.drills", service = Drills.class)
public final class ScratchDrills implements Drills {

  private static final Logger log = LoggerFactory.getLogger(ScratchDrills.class);
  private static final int CONTENDERS = 4;
  private static final int STEPS_TO_THE_MIDDLE = 4;
  private static final Duration TAKE_OVER_MAX = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final long CHARGES = (long) ScratchBooks.ACCOUNTS * ScratchBooks.HOURS;

  private final BillingCore core;
  private final Clock clock;
  private final Map<String, Drill> drills = new LinkedHashMap<>();

  private interface Run {
    void in(Steps steps) throws Exception;
  }

  private record Drill(String title, Run run) {}

  private static final class Steps {

    private final List<DrillStep> all = new ArrayList<>();

    private void must(String what, boolean good, String seen) {
      all.add(new DrillStep(what, good, seen));
    }
  }

  @Activate
  public ScratchDrills(@Reference BillingCore core, @Reference Clock clock) {
    this.core = core;
    this.clock = clock;
    drills.put("d1", new Drill("the stack is healthy", this::healthy));
    drills.put("d2", new Drill("the database itself refuses a second charge", this::indexed));
    drills.put("d3", new Drill("two contenders: one leader, one standby, one charge per account and hour", this::oneLeader));
    drills.put("d4", new Drill("the leader is killed: another takes over, still one charge", this::takeOver));
    drills.put("d5", new Drill("concurrent charges and replayed deposits count once", this::countOnce));
  }

  @Override
  public Map<String, String> titles() {
    Map<String, String> titles = new LinkedHashMap<>();
    drills.forEach((name, drill) -> titles.put(name, drill.title()));
    return titles;
  }

  @Override
  public DrillReport run(String name) {
    Drill drill = drills.get(name);
    if (drill == null) {
      throw new IllegalArgumentException("there is no drill '" + name + "'; there are " + String.join(", ", drills.keySet()));
    }
    Steps steps = new Steps();
    long start = clock.nanos();
    try {
      drill.run().in(steps);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BillingUnavailable("interrupted", e);
    } catch (SQLException e) {
      throw new BillingUnavailable(SqlFailures.inWords(e), e);
    } catch (Exception e) {
      steps.must("the drill runs to its end", false, SqlFailures.inWords(e));
    }
    return new DrillReport(name, drill.title(), steps.all, Duration.ofNanos(clock.nanos() - start));
  }

  private void healthy(Steps steps) throws SQLException {
    DatabaseInfo database = core.books().ledger().database().info();
    steps.must("the database answers", database.reachable(), database.reachable() ? "PostgreSQL " + database.serverVersion()
        + " at " + database.address() : database.message());
    Standing standing = Standing.of(core.books());
    steps.must("the tables are there", true, standing.accounts() + " accounts, " + standing.owed() + " hours owed");
    steps.must("there is a rating plan", core.plan().isPresent(), core.plan().map(p -> p.name()).orElse("none"));
    Verification books = new Audit(core.books().ledger()).verify();
    steps.must("the books are right", books.good(), books.good() ? books.entries() + " entries, every check good"
        : books.findings().stream().filter(f -> !f.good()).map(Finding::check).collect(Collectors.joining(", ")));
  }

  private void indexed(Steps steps) throws Exception {
    Finding guards = new Audit(core.books().ledger()).verify().findings().stream()
        .filter(f -> f.check().equals("guards in place"))
        .findFirst().orElseThrow();
    steps.must("indexes and triggers of the real books are valid", guards.good(), guards.detail());
    try (ScratchBooks books = scratch()) {
      books.deduction(core.retry(), "a").run(run(1), "drill");
      String refusal = books.chargeTwice();
      steps.must("a second charge is refused whoever writes it", refusal.contains("entries_charge_once"),
          refusal.isEmpty() ? "it was let in" : refusal);
    }
  }

  private void oneLeader(Steps steps) throws Exception {
    try (ScratchBooks books = scratch(); DatabaseLock a = books.lock(); DatabaseLock b = books.lock()) {
      OptionalLong first = a.hold();
      OptionalLong second = b.hold();
      steps.must("one leader", first.isPresent(), "lease " + first);
      steps.must("one standby", second.isEmpty(), second.isEmpty() ? "the other stands by" : "two leaders");
      books.deduction(core.retry(), "a").run(run(first.orElse(0)), "drill");
      books.deduction(core.retry(), "a").run(run(first.orElse(0)), "drill");
      once(steps, books, 0);
    }
  }

  private void takeOver(Steps steps) throws Exception {
    try (ScratchBooks books = scratch(); DatabaseLock a = books.lock(); DatabaseLock b = books.lock()) {
      long first = a.hold().orElse(0);
      stopInTheMiddle(books, first);
      String before = books.count();
      steps.must("the leader was in the middle", !before.startsWith("0 ") && !before.startsWith(CHARGES + " "), before);
      steps.must("its session is killed", books.killHolder() == 1, "pg_terminate_backend");
      long start = clock.nanos();
      OptionalLong second = b.hold();
      while (second.isEmpty() && clock.nanos() - start < TAKE_OVER_MAX.toNanos()) {
        core.pause(LOOK);
        second = b.hold();
      }
      steps.must("the standby takes over", second.isPresent() && second.getAsLong() > first,
          "lease " + first + " -> " + second + " after " + (clock.nanos() - start) / 1_000_000 + " ms");
      books.deduction(core.retry(), "b").run(run(second.orElse(0)), "drill");
      steps.must("who was killed is refused when it comes back", isRefused(books, first), "by the fence of the database");
      once(steps, books, 0);
    }
  }

  /** After some of the charges, as a process that is killed. */
  private void stopInTheMiddle(ScratchBooks books, long lease) throws Exception {
    try {
      books.deduction(core.retry(), "a").run(new DrillRun(clock, lease, STEPS_TO_THE_MIDDLE), "drill");
    } catch (CancellationException stopped) {
      log.debug("drill stopped a leader in the middle");
    }
  }

  private boolean isRefused(ScratchBooks books, long lease) throws Exception {
    try {
      books.deduction(core.retry(), "a").run(run(lease), "drill");
      return false;
    } catch (SQLException e) {
      return SqlFailures.isStale(e);
    }
  }

  private void countOnce(Steps steps) throws Exception {
    try (ScratchBooks books = scratch()) {
      List<DepositSource> sources = List.of(new Replay(deposits()));
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < CONTENDERS; i++) {
        work.add(() -> books.deduction(core.retry(), "contender").run(run(1), "drill") != null);
        work.add(() -> books.credits(sources, core.retry(), "contender").run(run(1), "drill") != null);
      }
      ExecutorService pool = Executors.newFixedThreadPool(work.size());
      try {
        for (Future<Boolean> one : pool.invokeAll(work)) {
          one.get();
        }
      } catch (ExecutionException e) {
        steps.must("no contender fails", false, SqlFailures.inWords(e.getCause()));
      } finally {
        pool.shutdownNow();
      }
      books.credits(sources, core.retry(), "late").run(run(2), "drill");
      once(steps, books, ScratchBooks.ACCOUNTS);
    }
  }

  private static void once(Steps steps, ScratchBooks books, long deposits) throws SQLException {
    String expected = CHARGES + " charges, 0 double, " + deposits + " deposits";
    String seen = books.count();
    steps.must("every account is charged once per hour" + (deposits == 0 ? "" : ", every deposit credited once"),
        seen.equals(expected),
        seen);
    Verification found = books.verify();
    steps.must("the books are right", found.good(), found.findings().stream().filter(f -> !f.good()).map(Finding::check)
        .collect(Collectors.joining(", ", found.good() ? "every check good" : "wrong: ", "")));
  }

  private ScratchBooks scratch() throws SQLException {
    return ScratchBooks.make(core.books().ledger().database());
  }

  private DrillRun run(long lease) {
    return new DrillRun(clock, lease, Integer.MAX_VALUE);
  }

  private List<Deposit> deposits() {
    List<Deposit> all = new ArrayList<>();
    for (int i = 1; i <= ScratchBooks.ACCOUNTS; i++) {
      all.add(new Deposit("drill:" + i, ScratchBooks.name(i), new BigDecimal("2.5"), Instant.EPOCH));
    }
    return all;
  }

  /** Gives everything each time, as a source does whose cursor got lost. */
  private record Replay(List<Deposit> deposits) implements DepositSource {

    @Override
    public String name() {
      return "replay";
    }

    @Override
    public DepositBatch read(String cursor, int max) {
      return new DepositBatch(deposits, "", false);
    }
  }
}
