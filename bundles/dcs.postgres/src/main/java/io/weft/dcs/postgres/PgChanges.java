package io.weft.dcs.postgres;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.support.dcs.PolledWatches.News;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What came after a revision, out of the table of changes. */
final class PgChanges {

  private static final int BATCH_MAX = 500; // revisions, so that none is cut in the middle

  private final PgKeys keys;
  private final PgLayout layout;

  PgChanges(PgKeys keys, PgLayout layout) {
    this.keys = keys;
    this.layout = layout;
  }

  News read(Connection connection, String prefix, long told) throws SQLException {
    String sql = layout.sql("SELECT m.revision, m.forgotten, c.revision, c.key, c.value, c.session FROM SCHEMA.dcs_meta m LEFT "
        + "JOIN "
        + "SCHEMA.dcs_change c ON c.revision > ? AND c.revision <= ? ORDER BY c.revision");
    long newest = 0;
    List<Change> changes = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, told);
      statement.setLong(2, told == 0 ? 0 : told + BATCH_MAX);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          newest = rows.getLong(1);
          if (told == 0 || told < rows.getLong(2) || told > newest) {
            Snapshot snapshot = keys.list(connection, prefix, true);
            return News.reset(snapshot);
          }
          byte[] key = rows.getBytes(4);
          if (key != null) {
            change(rows, new String(key, StandardCharsets.UTF_8), prefix, changes);
          }
        }
      }
    }
    long upTo = Math.min(newest, told + BATCH_MAX);
    return new News(null, changes, upTo, upTo < newest);
  }

  private static void change(ResultSet rows, String key, String prefix, List<Change> changes) throws SQLException {
    if (!key.startsWith(prefix)) {
      return;
    }
    byte[] value = rows.getBytes(5);
    long session = rows.getLong(6);
    changes.add(value == null
        ? new Change.Deleted(key, rows.getLong(3))
        : new Change.Put(new Entry(key, value, rows.getLong(3), session == 0 ? Optional.empty()
            : Optional.of(Long.toString(session)))));
  }
}
