package io.weft.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Finds out whether a pooler that shares connections stands in between: then a session lock of one client is a lock of others
 * too. While another connection is in the middle of a transaction, ours must still be served by the process that served it before.
 * A pooler that other clients keep busy may happen to do so once, but hardly each time.
 */
final class SelfTest {

  static final String POOLED = "a connection pooler that shares connections stands before the database; give "
      + "store.postgres.url the "
      + "address of the database itself";

  private static final int ROUNDS = 8;

  private SelfTest() {}

  /** Nobody else of this store may be at it: two at once give each other the connections by which they would be found out. */
  static boolean isPooled(Connection line, Connection other) throws SQLException {
    int before = backend(line);
    other.setAutoCommit(false);
    for (int i = 0; i < ROUNDS; i++) {
      try {
        if (before == backend(other) || before != backend(line)) {
          return true;
        }
      } finally {
        other.rollback();
      }
    }
    return false;
  }

  private static int backend(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
