package io.weft.billing.ledger;

import io.weft.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The advisory lock of the database, for a fabric without DCS: held by a session, so that it is free as soon as its holder is
 * gone. Whatever goes wrong, it is not held. Each time that it is taken there is a larger lease, so the fence tells apart who has
 * it from who had it.
 */
public final class DatabaseLock implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(DatabaseLock.class);
  private static final int SPACE = 0x57656674;
  private static final int ANSWER_SECONDS = 5;
  private static final String HOLDERS = " FROM pg_locks WHERE locktype = 'advisory' AND classid = " + SPACE
      + " AND objid = hashtext(?)::bit(32)::bigint AND objsubid = 2 AND granted "
      + "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
  private static final String MINE = "SELECT count(*)" + HOLDERS + " AND pid = pg_backend_pid()";

  /** The server itself ends a session that says nothing for so long; from version 14 on. */
  private static final String TTL = "SELECT set_config(name, ?, false) FROM pg_settings WHERE name = 'idle_session_timeout'";

  private final Database database;
  private final String schema;
  private final Duration ttl;
  // Guarded by this.
  private @Nullable Connection connection;
  private long lease;
  private boolean standby;

  /** @param ttl after which it is free if this process stands still; it has to be asked for, or kept, more often */
  public DatabaseLock(Ledger ledger, Duration ttl) {
    this.ttl = ttl;
    this.database = ledger.database();
    this.schema = ledger.schema();
  }

  /** The lease, if this node holds the lock or takes it now. Asks the server each time. */
  public synchronized OptionalLong hold() {
    try {
      if (isMine() || take()) {
        return OptionalLong.of(lease);
      }
    } catch (SQLException e) {
      log.debug("lock not held problem=\"{}\"", SqlFailures.inWords(e));
      drop();
    }
    return OptionalLong.empty();
  }

  /** Says to the server that its holder is still there; false if this node does not hold it, or not any more. */
  public synchronized boolean keep() {
    try {
      return isMine();
    } catch (SQLException e) {
      log.debug("lock not kept problem=\"{}\"", SqlFailures.inWords(e));
      drop();
      return false;
    }
  }

  /** As last seen. */
  public synchronized boolean isHeld() {
    return connection != null && lease > 0;
  }

  /** Behind a pooler that shares sessions the lock would be somebody else's: then it is not in the list of ours. */
  private boolean isMine() throws SQLException {
    if (connection == null || lease == 0) {
      return false;
    }
    if (!connection.isValid(ANSWER_SECONDS) || Sql.number(connection, MINE, schema) != 1) {
      log.warn("billing lock lost lease={}", lease);
      drop();
      return false;
    }
    return true;
  }

  private boolean take() throws SQLException {
    Connection own = connection;
    if (own == null || !own.isValid(ANSWER_SECONDS)) {
      drop();
      own = database.dedicated("billing lock");
      connection = own;
      Sql.list(own, TTL, row -> true, ttl.toMillis() + "ms");
    }
    boolean taken = Sql.one(own, "SELECT pg_try_advisory_lock(?, hashtext(?))", row -> row.getBoolean(1), SPACE, schema);
    if (taken) {
      lease = Sql.number(own, "SELECT nextval('" + schema + ".lock_leases')");
      standby = false;
      log.info("billing lock acquired lease={}", lease);
      return isMine();
    }
    if (!standby) {
      standby = true;
      log.info("billing lock standby because=\"another node holds it\"");
    }
    return false;
  }

  /** Ends the session of whoever holds it, as the death of its process does; how many there were. */
  static long kill(Connection connection, String schema) throws SQLException {
    return Sql.number(connection, "SELECT count(pg_terminate_backend(pid))" + HOLDERS, schema);
  }

  private void drop() {
    lease = 0;
    Connection old = connection;
    connection = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException e) {
        log.debug("connection of the lock not closed problem=\"{}\"", SqlFailures.inWords(e));
      }
    }
  }

  /** Gives it up. */
  @Override
  public synchronized void close() {
    drop();
  }
}
