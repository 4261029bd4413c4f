package io.weft.billing.ledger;

import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.Work;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Transactions on the books. */
public final class Ledger {

  private static final Duration WRITE_MAX = Duration.ofSeconds(30);
  private static final Duration READ_MAX = Duration.ofMinutes(10);

  /**
   * Nothing is waited for in here: whoever stands still in mid-transaction, or is cut off, holds others up no longer than that.
   */
  private static final String IDLE = "; SET LOCAL idle_in_transaction_session_timeout = '10s'";

  /** A lock that is not to be had makes room for others. */
  private static final String LIMITS = "; SET LOCAL lock_timeout = '10s'; SET LOCAL jit = off";

  /**
   * For some rows from a key on. The server would read, sort and compile for all of them, each time, while it has not yet counted
   * a table that has grown a lot, or where it does not know how few are asked for.
   */
  private static final String IN_ORDER = "; SET LOCAL enable_sort = off; SET LOCAL max_parallel_workers_per_gather = 0"
      + "; SET LOCAL jit = off";

  private final Database database;
  private final String schema;

  /** @param schema that the tables are in: a plain name */
  public Ledger(Database database, String schema) {
    this.database = database;
    this.schema = schema;
  }

  public String schema() {
    return schema;
  }

  public Database database() {
    return database;
  }

  /**
   * Runs it once and commits.
   *
   * @throws io.weft.store.IndeterminateCommit if it may or may not have taken effect
   * @throws SQLException if it took no effect
   */
  public <T> T write(Work<T> work) throws SQLException {
    return database.transact(Bounds.within(WRITE_MAX), c -> {
      execute(c, "SET LOCAL search_path = " + schema + IDLE + LIMITS);
      return work.on(c);
    }).orThrow();
  }

  /** One consistent view of everything; changes nothing. */
  public <T> T read(Work<T> work) throws SQLException {
    return read("", work);
  }

  /** As {@link #read}, for the next rows in the order of their key. */
  <T> T next(Work<T> work) throws SQLException {
    return read(IN_ORDER, work);
  }

  private <T> T read(String settings, Work<T> work) throws SQLException {
    return database.read(Bounds.within(READ_MAX), c -> {
      execute(c, "SET LOCAL search_path = " + schema + IDLE + settings);
      return work.on(c);
    });
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
