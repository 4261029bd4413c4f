package io.weft.dcs.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds out whether a pooler that shares connections stands in between: then a lock of one client is a lock of others too. While
 * another connection is in the middle of a transaction, ours must still be served by the server process that served it before,
 * and a lock that we took must be refused to the other.
 */
final class PgSelfTest {

  static final String POOLED = "a connection pooler that shares connections stands before the database; give "
      + "dcs.postgres.url the "
      + "address of the database itself";

  private final PgConnections connections;

  PgSelfTest(PgConnections connections) {
    this.connections = connections;
  }

  void run(Connection line) throws SQLException {
    long lock = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    long before = number(line, "SELECT pg_backend_pid()");
    Connection other = connections.open();
    try {
      other.setAutoCommit(false);
      long others = number(other, "SELECT pg_backend_pid()");
      boolean locked = flag(line, "SELECT pg_try_advisory_lock(?)", lock);
      boolean lockedTwice = flag(other, "SELECT pg_try_advisory_lock(?)", lock);
      long after = number(line, "SELECT pg_backend_pid()");
      boolean unlocked = flag(line, "SELECT pg_advisory_unlock(?)", lock);
      other.rollback();
      if (before == others || before != after || !locked || lockedTwice || !unlocked) {
        throw new SQLException(POOLED, "0A000");
      }
    } finally {
      PgConnections.discard(other);
    }
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet rows = statement.executeQuery()) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static boolean flag(Connection connection, String sql, long argument) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, argument);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }
}
