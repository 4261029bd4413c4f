package io.weft.billing.ledger;

import static io.weft.billing.ledger.Contention.BATCHES;
import static io.weft.billing.ledger.Contention.SCALE;
import static io.weft.billing.ledger.Contention.TEN_GB;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.DirectDatabase;
import io.weft.billing.Hour;
import io.weft.billing.Rig;
import io.weft.billing.WithPostgres;
import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.DatabaseInfo;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import io.weft.store.Work;
import io.weft.testkit.AnswerThief;
import io.weft.testkit.AnswerThief.Takes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Everything that can go wrong, all of it at once, while a day, a month and February end. */
@ExtendWith(WithPostgres.class)
class WorstDayTest {

  private static final int HOURS = 6;
  private static final int CRASH = 3;
  private static final int EACH_CRASH = 25;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final AtomicInteger commits = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong kills = new AtomicLong();
  private long leases;

  @Test
  void eightNodesThatAreKilledCutOffPausedAndLiedToChargeEachAccountOnce(Rig rig) throws Exception {
    Hour first = Hour.parse("2026-02-28T21");
    rig.rules = Contention.inBatchesOf(100 * BATCHES);
    rig.now(first.plus(1).start().plusSeconds(1));
    rig.execute("UPDATE books SET billed_from = '" + first.start() + "'");
    rig.accounts(500 * SCALE, TEN_GB, first);
    Contention all = new Contention(rig);
    try (AnswerThief thief = new AnswerThief(rig.server().port(), this::sometimes)) {
      all.run(seed -> new Sleeping(keep(DirectDatabase.by(thief)), calls), () -> {
        int done = Integer.parseInt(rig.query("SELECT count(*) FROM periods WHERE done_at IS NOT NULL"));
        if (all.leases() != leases) {
          leases = all.leases();
          kill(rig);
        }
        rig.now(first.plus(1 + Math.min(HOURS - 1, (int) Math.min(done, kills.get()))).start()); // no hour without a fault
        return done == HOURS;
      });
      for (AutoCloseable one : open) {
        one.close();
      }
      rig.forgetConnections();
      assertThat(thief.taken()).as("COMMITs or their answers stolen").isPositive();
      int pauses = calls.get() / Sleeping.ONE_OF;
      assertThat(pauses).as("pauses between rating and writing").isPositive();
      all.assertEverybodyPaidOnce(first.plus(HOURS - 1), kills + " kills, each " + EACH_CRASH + "th of the server itself, "
          + thief.taken() + " COMMITs or their answers stolen, " + pauses + " pauses, clocks two hours off, ends of hours");
    }
  }

  private void kill(Rig rig) throws SQLException {
    if (kills.incrementAndGet() % EACH_CRASH == CRASH) {
      rig.server().crash();
    } else {
      rig.query("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
          + "AND query LIKE '%entries%' AND datname = 'postgres'");
    }
  }

  /** A COMMIT that the server waits for is in the way of all others for some seconds, so that is seldom. */
  private Takes sometimes() {
    int n = commits.incrementAndGet();
    return n % 7 == 0 ? Takes.THE_ANSWER : n % 11 == 0 ? Takes.THE_CONNECTION : n % 5_000 == 0 ? Takes.THE_COMMIT : Takes.NOTHING;
  }

  private synchronized DirectDatabase keep(DirectDatabase one) {
    open.add(one);
    return one;
  }

  /** Stands still now and then when it has rated and is about to write, as a machine that sleeps. */
  private record Sleeping(Database database, AtomicInteger calls) implements Database {

    private static final int ONE_OF = 20;
    private static final long NAP = 150_000_000;

    @Override
    public <T> Outcome<T> transact(Bounds bounds, Work<T> work) {
      if (calls.incrementAndGet() % ONE_OF == 0) {
        LockSupport.parkNanos(NAP);
      }
      return database.transact(bounds, work);
    }

    @Override
    public <T> T read(Bounds bounds, Work<T> work) throws SQLException {
      return database.read(bounds, work);
    }

    @Override
    public Connection dedicated(String purpose) throws StoreUnavailable {
      return database.dedicated(purpose);
    }

    @Override
    public DatabaseInfo info() {
      return database.info();
    }
  }
}
