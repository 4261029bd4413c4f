package io.weft.store.postgres.migrate;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was applied to a schema, in a table of the schema itself, so that a dump takes it along. The row 0 says how the schema
 * came
 * to be ours, and whether it is held.
 */
final class History {

  static final String TABLE = "weft_migrations";

  private History() {}

  /**
   * A row.
   *
   * @param finished false: begun outside of a transaction and not known to be done
   */
  record Row(int number, String name, String checksum, boolean finished, Instant at, String by) {}

  /**
   * All of it.
   *
   * @param held see {@link io.weft.store.Migrations#down}
   * @param rows by number, from 1
   */
  record Applied(boolean held, SortedMap<Integer, Row> rows) {

    /** Number of the last one that is done. */
    int version() {
      return rows.values().stream().filter(Row::finished).mapToInt(Row::number).max().orElse(0);
    }
  }

  /** Makes the schema, or takes over one that is there. */
  static void begin(Connection connection, String schema, String how, String node) throws SQLException {
    Sql.run(connection, "CREATE SCHEMA IF NOT EXISTS " + schema);
    Sql.run(connection, "CREATE TABLE " + schema + "." + TABLE + " (number int PRIMARY KEY, name text NOT NULL, "
        + "checksum text NOT NULL, finished boolean NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp(), node text NOT "
        + "NULL, "
        + "held boolean NOT NULL DEFAULT false)");
    Sql.update(connection, "INSERT INTO " + schema + "." + TABLE
        + " (number, name, checksum, finished, node) VALUES (0, ?, '', true, ?)",
        how, node);
  }

  static boolean exists(Connection connection, String schema) throws SQLException {
    return Sql.finds(connection, "SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? "
        + "AND c.relname = ? AND c.relkind = 'r'", schema, TABLE);
  }

  static boolean schemaExists(Connection connection, String schema) throws SQLException {
    return Sql.finds(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", schema);
  }

  /** Empty if the schema is not ours. */
  static Optional<Applied> read(Connection connection, String schema) throws SQLException {
    if (!exists(connection, schema)) {
      return Optional.empty();
    }
    SortedMap<Integer, Row> rows = new TreeMap<>();
    boolean held = false;
    try (PreparedStatement statement = connection.prepareStatement("SELECT number, name, checksum, finished, at, node, held FROM "
        + schema + "." + TABLE + " ORDER BY number"); ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        int number = row.getInt(1);
        held |= row.getBoolean(7);
        if (number > 0) {
          rows.put(number, new Row(number, row.getString(2), row.getString(3), row.getBoolean(4),
              row.getObject(5, OffsetDateTime.class).toInstant(), row.getString(6)));
        }
      }
    }
    return Optional.of(new Applied(held, rows));
  }

  static void hold(Connection connection, String schema, boolean held) throws SQLException {
    Sql.update(connection, "UPDATE " + schema + "." + TABLE + " SET held = ? WHERE number = 0 AND held <> ?", held, held);
  }

  static void add(Connection connection, String schema, io.weft.store.Migration migration, boolean finished, String node)
      throws SQLException {
    Sql.update(connection, "INSERT INTO " + schema + "." + TABLE
        + " (number, name, checksum, finished, node) VALUES (?, ?, ?, ?, ?) "
        + "ON CONFLICT (number) DO UPDATE SET name = excluded.name, checksum = excluded.checksum, finished = excluded.finished, "
        + "at = excluded.at, node = excluded.node", migration.number(), migration.name(), Plan.checksum(migration), finished,
        node);
  }

  static void remove(Connection connection, String schema, int number) throws SQLException {
    Sql.update(connection, "DELETE FROM " + schema + "." + TABLE + " WHERE number = ?", number);
  }
}
