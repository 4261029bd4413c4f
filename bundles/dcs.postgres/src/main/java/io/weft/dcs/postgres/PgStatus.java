package io.weft.dcs.postgres;

import io.weft.dcs.DcsMember;
import io.weft.dcs.DcsStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the database is, as it says itself. */
final class PgStatus {

  private final PgLayout layout;
  private final boolean signsIn;

  PgStatus(PgLayout layout, boolean signsIn) {
    this.layout = layout;
    this.signsIn = signsIn;
  }

  DcsStatus read(Connection connection) throws SQLException {
    String sql = layout.sql("SELECT current_setting('server_version'), pg_is_in_recovery(), current_setting('fsync'), "
        + "current_setting('synchronous_commit'), (SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', "
            + "'quorum')), "
        + "coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), m.revision, "
        + "coalesce(host(inet_server_addr()), 'local') || ':' || coalesce(inet_server_port(), 0) FROM SCHEMA.dcs_meta m");
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      row.next();
      boolean replica = row.getBoolean(2);
      String commit = row.getString(4).toLowerCase(Locale.ROOT);
      boolean synced = row.getString(3).equals("on") && !commit.equals("off");
      int standbys = commit.equals("local") ? 0 : row.getInt(5);
      String server = row.getString(8);
      String detail = "PostgreSQL " + row.getString(1) + " at " + server
          + (replica ? ", a replica that cannot be written" : ", " + standbys + " synchronous standbys");
      DcsMember member = new DcsMember(server, replica ? "follower" : "leader", 0, true);
      return new DcsStatus(replica ? DcsStatus.State.WAITING : DcsStatus.State.SERVING, detail,
          replica ? Optional.empty() : Optional.of(server), row.getLong(7), List.of(member), Optional.of(1 + standbys),
          Optional.of(synced), Optional.of(signsIn), Optional.of(row.getBoolean(6)));
    }
  }
}
