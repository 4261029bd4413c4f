package io.weft.billing.ledger;

import static io.weft.billing.ledger.Contention.BATCHES;
import static io.weft.billing.ledger.Contention.LONG;
import static io.weft.billing.ledger.Contention.NOW;
import static io.weft.billing.ledger.Contention.SCALE;
import static io.weft.billing.ledger.Contention.TEN_GB;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.DirectDatabase;
import io.weft.billing.FaultyDatabase;
import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.testkit.job.FakeJobRun;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several who all believe that they hold the lease. */
@ExtendWith(WithPostgres.class)
class ContendersTest {

  private static final int EACH_CRASH = 25;

  @Test
  void eightNodesThatAllActChargeEachAccountOnce(Rig rig) throws Exception {
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(-5));
    Contention all = new Contention(rig);
    all.run(seed -> rig.database(), all::isDone);
    assertThat(all.stale()).as("refusals by the database").isPositive();
    all.assertEverybodyPaidOnce(NOW.plus(-1), all.leases() + " leases");
  }

  /** The end of a day, of a month, and of February. */
  @Test
  void hoursThatEndWhileTheyContend(Rig rig) throws Exception {
    Hour first = Hour.parse("2026-02-28T21");
    rig.rules = Contention.inBatchesOf(200 * BATCHES);
    rig.now(first.plus(1).start().plusSeconds(1));
    rig.execute("UPDATE books SET billed_from = '" + first.start() + "'");
    rig.accounts(500 * SCALE, TEN_GB, first);
    Contention all = new Contention(rig);
    all.run(seed -> rig.database(), () -> {
      String done = rig.query("SELECT count(*) FROM periods WHERE done_at IS NOT NULL");
      rig.now(first.plus(1 + Math.min(5, Integer.parseInt(done))).start());
      return done.equals("6");
    });
    assertThat(rig.query("SELECT min(reference) || ' ' || max(reference) FROM entries"))
        .isEqualTo("hour:2026-02-28T21 hour:2026-03-01T02");
    all.assertEverybodyPaidOnce(first.plus(5), all.leases() + " leases, ends of hours");
  }

  @Test
  void answersToCommitThatAreLostAreReadBack(Rig rig) throws Exception {
    rig.rules = Contention.inBatchesOf(200 * BATCHES);
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(-5));
    List<FaultyDatabase> all = new ArrayList<>();
    Contention contention = new Contention(rig);
    contention.run(seed -> {
      FaultyDatabase database = new FaultyDatabase(rig.database(), seed, 30);
      all.add(database);
      return database;
    }, contention::isDone);
    long lost = all.stream().mapToLong(FaultyDatabase::lost).sum();
    assertThat(lost).as("answers lost").isPositive();
    contention.assertEverybodyPaidOnce(NOW.plus(-1), lost + " answers to COMMIT lost");
  }

  @Test
  void connectionsKilledAndAServerThatCrashes(Rig rig) throws Exception {
    rig.rules = Contention.inBatchesOf(150 * BATCHES);
    rig.accounts(600 * SCALE, TEN_GB, NOW.plus(SCALE > 1 ? -5 : -8));
    AtomicLong kills = new AtomicLong();
    AtomicLong before = new AtomicLong();
    List<DirectDatabase> own = new ArrayList<>();
    Contention contention = new Contention(rig);
    contention.run(seed -> {
      DirectDatabase database = new DirectDatabase(rig.server().port());
      own.add(database);
      return database;
    }, () -> {
      if (contention.isDone()) {
        return true;
      }
      if (contention.leases() == before.getAndSet(contention.leases())) {
        return false;
      }
      if (kills.incrementAndGet() % EACH_CRASH == 3) {
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
    contention.assertEverybodyPaidOnce(NOW.plus(-1), kills + " times all who charged were cut off, each " + EACH_CRASH
        + "th time by a crash");
  }

  @Test
  void aLeaderThatStoodStillIsRefusedWhenItGoesOn(Rig rig) throws Exception {
    rig.rules = Contention.inBatchesOf(100);
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
    new Contention(rig).assertEverybodyPaidOnce(NOW.plus(-1), "one stood still");
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
