package io.weft.store.postgres.migrate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Statements without ceremony. */
final class Sql {

  private Sql() {}

  /** One statement or several. */
  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** With arguments: strings, integers and booleans. */
  static void update(Connection connection, String sql, Object... arguments) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      statement.executeUpdate();
    }
  }

  /** First columns as text, at most so many rows. */
  static List<String> texts(Connection connection, int most, String sql, Object... arguments) throws SQLException {
    List<String> found = new ArrayList<>();
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      statement.setMaxRows(most);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(String.valueOf(rows.getString(1)));
        }
      }
    }
    return found;
  }

  static boolean finds(Connection connection, String sql, Object... arguments) throws SQLException {
    return !texts(connection, 1, sql, arguments).isEmpty();
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... arguments) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }
}
