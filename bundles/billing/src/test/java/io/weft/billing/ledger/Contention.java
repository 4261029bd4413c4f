package io.weft.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.Finding;
import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.store.Database;
import io.weft.testkit.Await;
import io.weft.testkit.job.FakeJobRun;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Eight who all believe that they hold the lease: each of them acts again and again, mostly under a new lease and sometimes under
 * an old one, and its own clock is off by hours.
 */
final class Contention {

  /** Every night it is 350 times as much: a million charges each. */
  static final int SCALE = Integer.getInteger("weft.billing.scale", 1);
  /** A million in batches of some hundred would be more commits than they are faults. */
  static final int BATCHES = SCALE > 1 ? 10 : 1;
  static final Duration LONG = Duration.ofMinutes(5 + SCALE / 20);
  static final Hour NOW = Hour.of(Rig.NOON);
  static final long TEN_GB = 524_288_000L + (10L << 30);

  private static final String FEE = "0.041666666666666667";

  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int NODES = 8;

  private final Rig rig;
  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong lease = new AtomicLong(10);
  private final AtomicLong stale = new AtomicLong();
  private final long begun = System.nanoTime();
  private String seen = "";

  Contention(Rig rig) {
    this.rig = rig;
  }

  /** Rules under which a transaction charges so many accounts at most. */
  static Rules inBatchesOf(int accounts) {
    return new Rules(Duration.ZERO, 744, true, true, accounts, BigDecimal.ZERO, Rules.DEFAULT.credit());
  }

  /** Gives each of them its way to the database. */
  interface Databases {
    Database of(long seed);
  }

  /** Looks ten times a second, and does what the test is about. */
  interface Look {
    boolean done() throws Exception;
  }

  /** How many were refused by the database so far. */
  long stale() {
    return stale.get();
  }

  /** Changes with each fault: grows as the work does. */
  long leases() {
    return lease.get();
  }

  /** Whether the hour before {@link #NOW} is charged. */
  boolean isDone() throws SQLException {
    return rig.query("SELECT count(*) FROM periods WHERE done_at IS NOT NULL AND hour = '" + NOW.plus(-1).start() + "'")
        .equals("1");
  }

  /** Counted by queries that are not ours, and then by the audit. */
  void assertEverybodyPaidOnce(Hour last, String faults) throws Exception {
    rig.assertExactlyOnce(last, FEE);
    assertThat(rig.audit().verify().findings()).allMatch(Finding::good);
    if (SCALE > 1) {
      System.out.println("contention: "
          + rig.query("SELECT count(*) || ' charges of ' || count(DISTINCT account) || ' accounts by '"
          + " || count(DISTINCT actor) || ' nodes, 0 double, 0 missed' FROM entries") + ", " + stale + " refused, " + faults
          + ", "
          + Duration.ofNanos(System.nanoTime() - begun).toSeconds() + " s");
    }
  }

  void run(Databases databases, Look look) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(NODES);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      int node = i;
      Deduction deduction = rig.deduction(databases.of(i), "node" + i);
      all.add(pool.submit(() -> act(deduction, new SplittableRandom(node))));
    }
    try {
      Await.until("every hour to be charged", LONG, () -> {
        LockSupport.parkNanos(LOOK.toNanos());
        try {
          if (hasMoved()) {
            lease.incrementAndGet(); // whoever works now is an ex-leader
          }
          return look.done();
        } catch (SQLException e) {
          return false; // it is being killed
        }
      });
    } finally {
      stop.set(true);
      pool.shutdown();
      assertThat(pool.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    for (Future<?> one : all) {
      one.get();
    }
  }

  private void act(Deduction deduction, SplittableRandom random) {
    while (!stop.get()) {
      long newest = lease.get();
      long mine = random.nextInt(5) == 0 ? newest - 1 : newest;
      try {
        deduction.run(new FakeJobRun("hourly-deduction", Rig.NOON.plusSeconds(random.nextInt(-7200, 7201)), mine, rig.time,
            Duration.ofMillis(random.nextInt(1_000, 5_000))), "dcs");
      } catch (CancellationException e) {
        continue; // its turn is over, and it begins another one under a newer lease
      } catch (SQLException e) {
        if (SqlFailures.isStale(e)) {
          stale.incrementAndGet();
        } else if (!SqlFailures.mayPass(e)) {
          throw new AssertionError(e);
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** Only after each step forward is there another fault, so that a slow machine gets there too. */
  private boolean hasMoved() throws SQLException {
    String now = rig.query("SELECT count(*) || ' ' || sum(next_account) FROM periods");
    boolean moved = !now.equals(seen);
    seen = now;
    return moved;
  }
}
