package io.weft.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Finds out whether a pooler that shares connections stands in between: then a session lock of one client is a lock of others
 * too.
 * While another connection is in the middle of a transaction, ours must still be served by the process that served it before.
 */
final class SelfTest {

  static final String POOLED = "a connection pooler that shares connections stands before the database; give "
      + "store.postgres.url the "
      + "address of the database itself";

  private SelfTest() {}

  static boolean isPooled(Connection line, Connection other) throws SQLException {
    int before = backend(line);
    other.setAutoCommit(false);
    try {
      int others = backend(other);
      return before == others || before != backend(line);
    } finally {
      other.rollback();
    }
  }

  private static int backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
