package io.weft.store.postgres;

import io.weft.node.Clock;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import io.weft.store.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs work in transactions, and finds out what became of a COMMIT that was not answered. */
final class Transactions {

  /** How long the server is asked after the call should have ended. */
  private static final Duration ASK = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Logger log = LoggerFactory.getLogger(Transactions.class);

  private final Pool pool;
  private final Connector connector;
  private final Clock clock;
  private final LongAdder indeterminate = new LongAdder();
  private final LongAdder readBack = new LongAdder();
  private final CountDownLatch closed = new CountDownLatch(1);

  Transactions(Pool pool, Connector connector, Clock clock) {
    this.pool = pool;
    this.connector = connector;
    this.clock = clock;
  }

  long indeterminate() {
    return indeterminate.sum();
  }

  long readBack() {
    return readBack.sum();
  }

  <T> Outcome<T> write(Call call, Work<T> work) {
    Connection connection;
    try {
      connection = pool.borrow(call);
    } catch (StoreUnavailable e) {
      return new Outcome.RolledBack<>(e, true);
    }
    boolean good = false;
    try {
      call.uses(connection);
      connection.setAutoCommit(false);
      T value = work.on(connection);
      boolean marked = connector.canTell();
      Optional<CommitMark> mark = marked ? CommitMark.of(connection) : Optional.empty();
      if (call.isOver()) {
        throw new SQLException("it took longer than it may, or was given up", "57014");
      }
      Outcome<T> outcome = commit(call, connection, marked, mark, value);
      good = outcome.isCommitted();
      return outcome;
    } catch (SQLException e) {
      return new Outcome.RolledBack<>(e, PgErrors.mayRetry(e));
    } finally {
      giveBack(call, connection, good);
    }
  }

  private <T> Outcome<T> commit(Call call, Connection connection, boolean marked, Optional<CommitMark> mark, T value) {
    try {
      connection.commit();
      return new Outcome.Committed<>(value);
    } catch (SQLException e) {
      if (PgErrors.isAnswer(e)) {
        return new Outcome.RolledBack<>(e, PgErrors.mayRetry(e));
      }
      if (!marked) {
        return indeterminate("unknown", e);
      }
      if (mark.isEmpty()) {
        return new Outcome.RolledBack<>(e, true); // it wrote nothing, so there is nothing that could be there
      }
      call.release();
      return readBack(call, mark.get(), value, e);
    }
  }

  private <T> Outcome<T> readBack(Call call, CommitMark mark, T value, SQLException lost) {
    long end = clock.nanos() + call.remaining().plus(ASK).toNanos();
    CommitMark.Fate fate = CommitMark.Fate.UNDECIDED;
    while (fate == CommitMark.Fate.UNDECIDED && clock.nanos() - end < 0 && !paused()) {
      fate = ask(mark);
    }
    if (fate == CommitMark.Fate.COMMITTED || fate == CommitMark.Fate.ABORTED) {
      readBack.increment();
      log.info("commit read back xid={} committed={}", mark.xid(), fate == CommitMark.Fate.COMMITTED);
      return fate == CommitMark.Fate.COMMITTED ? new Outcome.Committed<>(value) : new Outcome.RolledBack<>(lost, true);
    }
    return indeterminate(mark.xid(), lost);
  }

  private <T> Outcome<T> indeterminate(String xid, SQLException lost) {
    indeterminate.increment();
    log.warn("commit indeterminate xid={} problem=\"{}\"", xid, PgErrors.inWords(lost));
    return new Outcome.Indeterminate<>(lost);
  }

  private CommitMark.Fate ask(CommitMark mark) {
    try (Connection connection = connector.connect("asks")) {
      return mark.ask(connection);
    } catch (SQLException e) {
      return CommitMark.Fate.UNDECIDED; // not reached, or starting: asked again
    }
  }

  /**
   * Waits a moment; true if there is no use in asking any more. An interrupt does not stop it: an outcome is worth some seconds.
   */
  private boolean paused() {
    boolean interrupted = Thread.interrupted();
    try {
      return closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  <T> T read(Call call, Work<T> work) throws SQLException {
    Connection connection = pool.borrow(call);
    boolean good = false;
    try {
      call.uses(connection);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      T value = work.on(connection);
      connection.commit();
      good = true;
      return value;
    } finally {
      giveBack(call, connection, good);
    }
  }

  /** One that failed is rolled back; one that was cancelled is not used again, since the cancelling may come late. */
  private void giveBack(Call call, Connection connection, boolean good) {
    boolean cancelled = call.release();
    boolean usable = !cancelled;
    try {
      if (!good && usable) {
        connection.rollback();
      }
    } catch (SQLException e) {
      usable = false;
    }
    if (usable) {
      Connector.discard(connection);
    } else {
      pool.evict(connection); // which closes it, now or soon
    }
  }

  void close() {
    closed.countDown();
  }
}
