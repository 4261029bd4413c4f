package io.weft.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The database of this node: PostgreSQL 13 or later, its own or one that is there already. Registered once, as soon as the bundle
 * starts and whether or not the server answers; whoever needs tables waits for a {@link ReadySchema}.
 *
 * <p>Any thread that may block; never a loop. Every call ends about when its {@link Bounds} end: the statement that runs then is
 * cancelled at the server, and a connection that does not come back is cut. Interrupting the calling thread does the same.
 */
@ProviderType
public interface Database {

  /**
   * Runs work in one transaction and commits. The work is called at most once; trying again is the caller's decision, see {@link
   * Outcome.RolledBack#retry}.
   *
   * <p>If the connection is lost between COMMIT and its answer, the server is asked on another connection what became of the
   * transaction, as long as the bounds and some seconds more allow; only if it cannot tell, the outcome is {@link
   * Outcome.Indeterminate}.
   *
   * @param work gets a connection without auto-commit, at READ COMMITTED
   * @throws RuntimeException what the work threw, after a rollback
   */
  <T> Outcome<T> transact(Bounds bounds, Work<T> work);

  /**
   * Runs work that only reads, in one read-only transaction at REPEATABLE READ, so that all its statements see the same moment.
   * Trying again is safe.
   *
   * @throws StoreUnavailable if the server was not reached
   * @throws SQLException what the server answered, or that the connection was lost
   */
  <T> T read(Bounds bounds, Work<T> work) throws SQLException;

  /**
   * A connection of its own beside the pool, with auto-commit, for what lives as long as a connection: session locks, LISTEN. The
   * caller closes it. At most {@link #DEDICATED_MAX} at once.
   *
   * @param purpose for people: shown in {@code pg_stat_activity} behind the name of the node; at most 32 characters
   * @throws StoreUnavailable if the server was not reached, or all are taken
   */
  Connection dedicated(String purpose) throws StoreUnavailable;

  /** Connections beside the pool. */
  int DEDICATED_MAX = 8;

  /** What it is and how it is, as last seen. Does not block. */
  DatabaseInfo info();
}
