package io.weft.billing.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.DirectDatabase;
import io.weft.billing.FaultyDatabase;
import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.store.Database;
import io.weft.testkit.Await;
import io.weft.testkit.job.FakeJobRun;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several who all believe that they hold the lease. */
@ExtendWith(WithPostgres.class)
class ContendersTest {

  private static final Hour NOW = Hour.of(Rig.NOON);
  private static final long TEN_GB = 524_288_000L + (10L << 30);
  private static final String FEE = "0.041666666666666667";
  /** Every night it is 350 times as much: a million charges each. */
  private static final int SCALE = Integer.getInteger("weft.billing.scale", 1);
  private static final Duration LONG = Duration.ofMinutes(2 + SCALE / 5);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final int NODES = 8;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final AtomicLong lease = new AtomicLong(10);
  private String seen = "";
  private final AtomicLong stale = new AtomicLong();

  @Test
  void eightNodesThatAllActChargeEachAccountOnce(Rig rig) throws Exception {
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(-5));
    contend(rig, seed -> rig.database(), () -> isDone(rig));
    rig.assertExactlyOnce(NOW.plus(-1), FEE);
    assertThat(stale).as("refusals by the database").hasPositiveValue();
    assertThat(rig.audit().verify().good()).isTrue();
  }

  @Test
  void answersToCommitThatAreLostAreReadBack(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, true, true, 200, BigDecimal.ZERO, Rules.DEFAULT.credit());
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(-4));
    List<FaultyDatabase> all = new ArrayList<>();
    contend(rig, seed -> {
      FaultyDatabase database = new FaultyDatabase(rig.database(), seed, 30);
      all.add(database);
      return database;
    }, () -> isDone(rig));
    rig.assertExactlyOnce(NOW.plus(-1), FEE);
    assertThat(all.stream().mapToLong(FaultyDatabase::lost).sum()).as("answers lost").isPositive();
    assertThat(rig.audit().verify().good()).isTrue();
  }

  @Test
  void connectionsKilledAndAServerThatCrashes(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, true, true, 150, BigDecimal.ZERO, Rules.DEFAULT.credit());
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(-8));
    AtomicLong kills = new AtomicLong();
    AtomicLong before = new AtomicLong();
    List<DirectDatabase> own = new ArrayList<>();
    contend(rig, seed -> {
      DirectDatabase database = new DirectDatabase(rig.server().port());
      own.add(database);
      return database;
    }, () -> {
      if (isDone(rig)) {
        return true;
      }
      if (lease.get() == before.getAndSet(lease.get())) {
        return false;
      }
      if (kills.incrementAndGet() == 3) {
        rig.server().crash();
      } else {
        rig.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
            + "AND query LIKE '%entries%' AND datname = 'postgres'");
      }
      return false;
    });
    own.forEach(DirectDatabase::close);
    rig.forgetConnections();
    assertThat(kills).as("kills").hasValueGreaterThan(3);
    rig.assertExactlyOnce(NOW.plus(-1), FEE);
    assertThat(rig.audit().verify().good()).isTrue();
  }

  @Test
  void aLeaderThatStoodStillIsRefusedWhenItGoesOn(Rig rig) throws Exception {
    rig.rules = new Rules(Duration.ZERO, 744, true, true, 100, BigDecimal.ZERO, Rules.DEFAULT.credit());
    rig.accounts(500, TEN_GB, NOW.plus(-2));
    CountDownLatch paused = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    FakeJobRun old = rig.run(1);
    rig.listeners.add(changes -> {
      paused.countDown(); // after its first batch, as if the machine slept
      if (goOn.getCount() > 0 && Thread.currentThread().getName().equals("old")) {
        await(goOn);
      }
    });
    Future<Boolean> refused = alone(() -> {
      try {
        rig.deduction("old").run(old, "dcs");
        return false;
      } catch (SQLException e) {
        return SqlFailures.isStale(e);
      }
    });
    await(paused);
    assertThat(rig.deduction("new").run(rig.run(2), "dcs").charged()).isEqualTo(900);
    rig.pass(Duration.ofHours(1));
    goOn.countDown();
    assertThat(refused.get(LONG.toSeconds(), TimeUnit.SECONDS)).as("it still thought that it held the lease").isTrue();
    rig.assertExactlyOnce(NOW.plus(-1), FEE);
  }

  private interface Databases {
    Database of(long seed);
  }

  private interface Look {
    boolean done() throws Exception;
  }

  /** Each of them acts again and again, mostly under a new lease and sometimes under an old one; its own clock is off by hours. */
  private void contend(Rig rig, Databases databases, Look look) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(NODES);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      int node = i;
      Deduction deduction = rig.deduction(databases.of(i), "node" + i);
      all.add(pool.submit(() -> act(rig, deduction, new SplittableRandom(node))));
    }
    try {
      Await.until("every hour to be charged", LONG, () -> {
        LockSupport.parkNanos(LOOK.toNanos());
        try {
          if (hasMoved(rig)) {
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

  private void act(Rig rig, Deduction deduction, SplittableRandom random) {
    while (!stop.get()) {
      long newest = lease.get();
      long mine = random.nextInt(5) == 0 ? newest - 1 : newest;
      try {
        deduction.run(new FakeJobRun("hourly-deduction", Rig.NOON.plusSeconds(random.nextInt(-7200, 7201)), mine, rig.time, LONG),
            "dcs");
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
  private boolean hasMoved(Rig rig) throws SQLException {
    String now = rig.query("SELECT count(*) || ' ' || sum(next_account) FROM periods");
    boolean moved = !now.equals(seen);
    seen = now;
    return moved;
  }

  private static boolean isDone(Rig rig) throws SQLException {
    return rig.query("SELECT count(*) FROM periods WHERE done_at IS NOT NULL AND hour = '" + NOW.plus(-1).start() + "'").equals("1");
  }

  private static <T> Future<T> alone(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread thread = new Thread(future, "old");
    thread.setDaemon(true);
    thread.start();
    return future;
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
