package io.weft.store.postgres;

import io.weft.node.Clock;
import io.weft.store.Bounds;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/** One call of a caller: when it ends, and what is done then. */
final class Call {

  /** From the cancelling of a statement to the cutting of its connection. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Clock clock;
  private final Bounds bounds;
  private final Thread caller = Thread.currentThread();
  private final long deadline;
  // Guards the fields below: a statement of the next borrower must not be cancelled.
  private final Object lock = new Object();
  private @Nullable PgConnection connection;
  private @Nullable Long cancelledAt;

  Call(Clock clock, Bounds bounds) {
    this.clock = clock;
    this.bounds = bounds;
    this.deadline = clock.nanos() + bounds.within().toNanos();
  }

  boolean isOver() {
    return clock.nanos() - deadline > 0 || caller.isInterrupted() || !bounds.goOn().getAsBoolean();
  }

  Duration remaining() {
    return Duration.ofNanos(Math.max(0, deadline - clock.nanos()));
  }

  /** From now on its statements are cancelled when the call is over. */
  void uses(Connection borrowed) throws SQLException {
    synchronized (lock) {
      connection = borrowed.unwrap(PgConnection.class);
    }
  }

  /** Whether it was cancelled. From now on nothing is. */
  boolean release() {
    synchronized (lock) {
      connection = null;
      return cancelledAt != null;
    }
  }

  /** Called several times a second. Talks to the server if it is over, which takes a moment. */
  void look() {
    if (!isOver()) {
      return;
    }
    synchronized (lock) {
      PgConnection used = connection;
      if (used == null) {
        return;
      }
      Long before = cancelledAt;
      if (before == null) {
        cancelledAt = clock.nanos();
        cancel(used);
      } else if (clock.nanos() - before > GRACE.toNanos()) {
        cut(used);
      } else {
        cancel(used); // again, since the last one may have come between two statements
      }
    }
  }

  private static void cancel(PgConnection used) {
    try {
      used.cancelQuery();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Call.class).debug("statement not cancelled problem=\"{}\"", PgErrors.inWords(e));
    }
  }

  private static void cut(PgConnection used) {
    try {
      used.abort(Runnable::run);
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Call.class).debug("connection not cut problem=\"{}\"", PgErrors.inWords(e));
    }
  }
}
