package io.weft.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transactions on the books. */
public final class Ledger {

  private static final Logger log = LoggerFactory.getLogger(Ledger.class);
  private static final int SCHEMA_MAX = 50;

  /** Bounds that hold for one transaction; a pool gets its connection back as it lent it. */
  private static final String LIMITS = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '%s'; SET LOCAL search_path = %s";

  private final Connections connections;
  private final String schema;

  /** Something to do in a transaction. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** @param schema that the tables are in */
  public Ledger(Connections connections, String schema) {
    if (schema.length() > SCHEMA_MAX || !schema.matches("[a-z_][a-z0-9_]*")) {
      throw new IllegalArgumentException("billing.schema: 1 to " + SCHEMA_MAX + " of a-z, 0-9 and _, not beginning with a digit");
    }
    this.connections = connections;
    this.schema = schema;
  }

  public String schema() {
    return schema;
  }

  Connections connections() {
    return connections;
  }

  /**
   * Runs it and commits.
   *
   * @throws CommitUnknown if it may or may not have taken effect
   * @throws SQLException if it took no effect
   */
  public <T> T write(Work<T> work) throws SQLException {
    try (Connection connection = connections.open()) {
      begin(connection, "30s");
      T result = run(connection, work);
      try {
        connection.commit();
      } catch (SQLException e) {
        if (SqlFailures.isAnswer(e)) {
          throw e;
        }
        throw new CommitUnknown(e);
      }
      connection.setAutoCommit(true);
      return result;
    }
  }

  /** One consistent view of everything; changes nothing. */
  public <T> T read(Work<T> work) throws SQLException {
    try (Connection connection = connections.open()) {
      begin(connection, "10min");
      T result = run(connection, c -> {
        execute(c, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        return work.in(c);
      });
      connection.rollback();
      connection.setAutoCommit(true);
      return result;
    }
  }

  private void begin(Connection connection, String timeout) throws SQLException {
    connection.setAutoCommit(false);
    execute(connection, LIMITS.formatted(timeout, schema));
  }

  private static <T> T run(Connection connection, Work<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.in(connection);
      done = true;
      return result;
    } finally {
      if (!done) {
        rollBack(connection);
      }
    }
  }

  /** The failure that led here is what the caller hears of. */
  private static void rollBack(Connection connection) {
    try {
      connection.rollback();
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      log.debug("rollback failed problem=\"{}\"", SqlFailures.inWords(e));
    }
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
