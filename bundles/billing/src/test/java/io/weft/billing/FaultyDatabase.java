package io.weft.billing;

import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.DatabaseInfo;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import io.weft.store.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A database whose answer to COMMIT gets lost now and then. What happened then is one of three: it was committed, it was not, or
 * it is going to be committed in a while, when its caller has long gone on. The caller hears the same each time.
 */
public final class FaultyDatabase implements Database {

  private final Database database;
  private final SplittableRandom random;
  private final int percent;
  private final AtomicLong lost = new AtomicLong();

  /** @param percent of commits whose answer is lost */
  public FaultyDatabase(Database database, long seed, int percent) {
    this.database = database;
    this.random = new SplittableRandom(seed);
    this.percent = percent;
  }

  /** How many answers were lost so far. */
  public long lost() {
    return lost.get();
  }

  @Override
  public <T> Outcome<T> transact(Bounds bounds, Work<T> work) {
    int drawn;
    synchronized (random) {
      drawn = random.nextInt(100) < percent ? random.nextInt(3) : -1;
    }
    return switch (drawn) {
      case 0 -> afterwards(database.transact(bounds, work));
      case 1 -> afterwards(database.transact(bounds, c -> {
        work.on(c);
        throw new SQLException("cut before it was committed", "08006");
      }));
      case 2 -> late(bounds, work);
      default -> database.transact(bounds, work);
    };
  }

  /** What failed for its own reason is told; everything else is not known. */
  private <T> Outcome<T> afterwards(Outcome<T> outcome) {
    if (outcome instanceof Outcome.RolledBack<T> failed && !"08006".equals(failed.cause().getSQLState())) {
      return outcome;
    }
    return unknown();
  }

  private <T> Outcome<T> unknown() {
    lost.incrementAndGet();
    return new Outcome.Indeterminate<>(new SQLException("the connection was cut", "08006"));
  }

  private <T> Outcome<T> late(Bounds bounds, Work<T> work) {
    CompletableFuture<Boolean> worked = new CompletableFuture<>();
    CompletableFuture<Outcome<T>> all = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      all.complete(database.transact(bounds, c -> {
        T value = work.on(c);
        worked.complete(true);
        LockSupport.parkNanos(30_000_000);
        return value;
      }));
      worked.complete(false);
    }, "late-commit");
    thread.setDaemon(true);
    thread.start();
    return worked.join() ? unknown() : all.join();
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
