package io.weft.billing.ledger;

import io.weft.billing.Hour;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements with their parameters, and values as Java knows them. */
final class Sql {

  /** Reads one row. */
  interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  private Sql() {}

  static <T> List<T> list(Connection connection, String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values); ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(row.of(rows));
      }
      return all;
    }
  }

  static <T> Optional<T> first(Connection connection, String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values); ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(row.of(rows)) : Optional.empty();
    }
  }

  static <T> T one(Connection connection, String sql, Row<T> row, @Nullable Object... values) throws SQLException {
    return first(connection, sql, row, values).orElseThrow(() -> new SQLException("no row from: " + sql, "02000"));
  }

  static long number(Connection connection, String sql, @Nullable Object... values) throws SQLException {
    return one(connection, sql, row -> row.getLong(1), values);
  }

  /** Returns how many rows were changed. */
  static int update(Connection connection, String sql, @Nullable Object... values) throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, values)) {
      return statement.executeUpdate();
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... values) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      for (int i = 0; i < values.length; i++) {
        set(connection, statement, i + 1, values[i]);
      }
      return statement;
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  private static void set(Connection connection, PreparedStatement statement, int at, @Nullable Object value)
      throws SQLException {
    if (value instanceof Hour hour) {
      statement.setObject(at, hour.start().atOffset(ZoneOffset.UTC));
    } else if (value instanceof Instant instant) {
      statement.setObject(at, instant.atOffset(ZoneOffset.UTC));
    } else if (value instanceof Long[] numbers) {
      statement.setArray(at, connection.createArrayOf("bigint", numbers));
    } else if (value instanceof BigDecimal[] amounts) {
      statement.setArray(at, connection.createArrayOf("numeric", amounts));
    } else if (value instanceof String[] texts) {
      statement.setArray(at, connection.createArrayOf("text", texts));
    } else if (value instanceof byte[][] bytes) {
      statement.setArray(at, connection.createArrayOf("bytea", bytes));
    } else if (value instanceof OffsetDateTime[] times) {
      statement.setArray(at, connection.createArrayOf("timestamptz", times));
    } else {
      statement.setObject(at, value);
    }
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static Optional<Hour> hour(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? Optional.empty() : Optional.of(new Hour(time.toInstant()));
  }
}
