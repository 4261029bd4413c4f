package io.weft.store.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What a transaction is known by at the server, so that another connection can ask what became of it. Transaction numbers mean
 * something in one timeline of one database system only: a replica that was promoted may have given the same number again.
 *
 * @param xid number of the transaction
 * @param timeline of the write-ahead log
 * @param system identifier of the database system
 * @param backend process that runs the transaction
 */
record CommitMark(String xid, String timeline, String system, int backend) {

  private static final String PLACE =
      "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), (SELECT system_identifier::text FROM pg_control_system())";

  /** Whether this server and this user can be asked at all; some services that run PostgreSQL for others leave parts of it out. */
  static boolean isKnownAt(Connection connection) {
    try (PreparedStatement statement = connection.prepareStatement("SELECT pg_xact_status(pg_current_xact_id_if_assigned()), "
        + "pg_is_in_recovery(), CASE WHEN pg_is_in_recovery() THEN '' ELSE " + PLACE.replace(", (", " || (") + " END");
        ResultSet row = statement.executeQuery()) {
      return row.next();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(CommitMark.class).warn("commits not read back problem=\"{}\"", PgErrors.inWords(e));
      return false;
    }
  }

  /** Of the transaction that the connection is in; empty if it wrote nothing. */
  static Optional<CommitMark> of(Connection connection) throws SQLException {
    String sql = "SELECT pg_current_xact_id_if_assigned()::text, " + PLACE + ", pg_backend_pid()";
    try (PreparedStatement statement = connection.prepareStatement(sql); ResultSet row = statement.executeQuery()) {
      row.next();
      return Optional.ofNullable(row.getString(1)).map(xid -> {
        try {
          return new CommitMark(xid, row.getString(2), row.getString(3), row.getInt(4));
        } catch (SQLException e) {
          throw new IllegalStateException("a row that was read has its columns", e);
        }
      });
    }
  }

  /** What a server says of a transaction. */
  enum Fate {
    COMMITTED,
    ABORTED,
    /** Not decided: its process still waits for us. It was told to end, so that it will be decided. */
    UNDECIDED,
    /** This server cannot tell, now or later. */
    UNKNOWN
  }

  /** Asks on another connection, in auto-commit. */
  Fate ask(Connection connection) throws SQLException {
    if (!isSamePlace(connection)) {
      return Fate.UNKNOWN;
    }
    String status = text(connection, "SELECT pg_xact_status(?::xid8)", xid);
    if ("in progress".equals(status)) {
      text(connection, "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE pid = " + backend
          + " AND backend_xid = (?::xid8)::xid", xid);
      return Fate.UNDECIDED;
    }
    return "committed".equals(status) ? Fate.COMMITTED : "aborted".equals(status) ? Fate.ABORTED : Fate.UNKNOWN;
  }

  private boolean isSamePlace(Connection connection) throws SQLException {
    if ("true".equals(text(connection, "SELECT pg_is_in_recovery()::text WHERE ? <> ''", xid))) {
      return false;
    }
    try (PreparedStatement statement = connection.prepareStatement("SELECT " + PLACE); ResultSet row = statement.executeQuery()) {
      row.next();
      return timeline.equals(row.getString(1)) && system.equals(row.getString(2));
    }
  }

  private static @org.jspecify.annotations.Nullable String text(Connection connection, String sql, String argument)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, argument);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    }
  }
}
