package io.weft.dcs.postgres;

import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reading and writing keys. Keys are bytes to the database, so that their order and their characters are ours. */
final class PgKeys {

  private final PgLayout layout;

  PgKeys(PgLayout layout) {
    this.layout = layout;
  }

  Optional<Entry> get(Connection connection, String key, boolean fresh) throws SQLException {
    String sql = layout.sql("SELECT key, value, revision, session, pg_is_in_recovery() FROM (SELECT 1) one "
        + "LEFT JOIN SCHEMA.dcs_key ON key = ?");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, bytes(key));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        refuseReplica(fresh && rows.getBoolean(5));
        return rows.getBytes(1) == null ? Optional.empty() : Optional.of(entry(rows));
      }
    }
  }

  Snapshot list(Connection connection, String prefix, boolean fresh) throws SQLException {
    String sql = layout.sql("SELECT k.key, k.value, k.revision, k.session, pg_is_in_recovery(), m.revision FROM "
        + "SCHEMA.dcs_meta m "
        + "LEFT JOIN SCHEMA.dcs_key k ON k.key >= ? AND k.key < ? ORDER BY k.key");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBytes(1, bytes(prefix));
      statement.setBytes(2, end(prefix));
      try (ResultSet rows = statement.executeQuery()) {
        List<Entry> entries = new ArrayList<>();
        long revision = 0;
        while (rows.next()) {
          refuseReplica(fresh && rows.getBoolean(5));
          revision = rows.getLong(6);
          if (rows.getBytes(1) != null) {
            entries.add(entry(rows));
          }
        }
        return new Snapshot(entries, revision);
      }
    }
  }

  WriteResult write(Connection connection, List<Write> writes) throws SQLException {
    int n = writes.size();
    byte[][] keys = new byte[n][];
    Integer[] kinds = new Integer[n];
    byte[][] values = new byte[n][];
    Long[] expects = new Long[n];
    Long[] sessions = new Long[n];
    for (int i = 0; i < n; i++) {
      Write write = writes.get(i);
      Write.Put put = write instanceof Write.Put p ? p : null;
      keys[i] = bytes(write.key());
      kinds[i] = put != null ? 0 : write instanceof Write.Delete ? 1 : 2;
      values[i] = put == null ? null : put.value();
      expects[i] = write.expect() instanceof Expect.Revision r ? r.revision() : write.expect() instanceof Expect.Absent ? 0L
          : -1L;
      sessions[i] = put == null ? 0 : put.session().map(s -> Long.parseLong(s.id())).orElse(0L);
    }
    try (PreparedStatement statement = connection.prepareStatement(
        layout.sql("SELECT outcome, rev, place FROM SCHEMA.dcs_write(?, ?, ?, ?, ?)"))) {
      statement.setArray(1, connection.createArrayOf("bytea", keys));
      statement.setArray(2, connection.createArrayOf("int4", kinds));
      statement.setArray(3, connection.createArrayOf("bytea", values));
      statement.setArray(4, connection.createArrayOf("int8", expects));
      statement.setArray(5, connection.createArrayOf("int8", sessions));
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return switch (rows.getInt(1)) {
          case 0 -> new WriteResult.Done(rows.getLong(2));
          case 1 -> new WriteResult.Conflict(current(connection, writes.get(rows.getInt(3) - 1).key()));
          default -> new WriteResult.SessionLost();
        };
      }
    }
  }

  /** A hint only: that the write did not happen is known, whatever becomes of this read. */
  private Optional<Entry> current(Connection connection, String key) {
    try {
      return get(connection, key, false);
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  private static void refuseReplica(boolean replica) throws SQLException {
    if (replica) {
      throw new SQLException("this server is a replica; connect to the primary (targetServerType=primary)", "25006");
    }
  }

  private static Entry entry(ResultSet rows) throws SQLException {
    long session = rows.getLong(4);
    return new Entry(new String(rows.getBytes(1), StandardCharsets.UTF_8), rows.getBytes(2), rows.getLong(3),
        session == 0 ? Optional.empty() : Optional.of(Long.toString(session)));
  }

  static byte[] bytes(String key) {
    return key.getBytes(StandardCharsets.UTF_8);
  }

  /** The first key behind all with that prefix. 0xff is in no UTF-8. */
  private static byte[] end(String prefix) {
    byte[] bytes = bytes(prefix);
    if (bytes.length == 0) {
      return new byte[] {(byte) 0xff};
    }
    bytes[bytes.length - 1]++;
    return bytes;
  }
}
