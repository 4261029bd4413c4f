package io.weft.billing;

import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.DatabaseInfo;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import io.weft.store.Work;
import io.weft.testkit.AnswerThief;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections straight to a server, kept for the next one. It never finds out what became of a commit that was not answered,
 * which leaves that to who is tested.
 */
public final class DirectDatabase implements Database, AutoCloseable {

  private final DataSource source;
  private final Deque<Connection> idle = new ArrayDeque<>();

  public DirectDatabase(int port) {
    this(source(port));
  }

  private DirectDatabase(DataSource source) {
    this.source = source;
  }

  /** By way of somebody who has to see each COMMIT in plain words. */
  public static DirectDatabase by(AnswerThief way) {
    PGSimpleDataSource source = source(way.port());
    source.setPrepareThreshold(0);
    return new DirectDatabase(source);
  }

  static PGSimpleDataSource source(int port) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&connectTimeout=10&socketTimeout=60");
    return source;
  }

  @Override
  public <T> Outcome<T> transact(Bounds bounds, Work<T> work) {
    Connection connection;
    try {
      connection = take();
    } catch (SQLException e) {
      return new Outcome.RolledBack<>(new StoreUnavailable(e.getMessage(), e), true);
    }
    T value;
    try {
      connection.setAutoCommit(false);
      value = work.on(connection);
    } catch (SQLException e) {
      discard(connection);
      return new Outcome.RolledBack<>(e, false);
    } catch (RuntimeException e) {
      discard(connection);
      throw e;
    }
    try {
      connection.commit();
    } catch (SQLException e) {
      discard(connection);
      boolean refused = e.getSQLState() != null && (e.getSQLState().startsWith("40") || e.getSQLState().startsWith("23"));
      return refused ? new Outcome.RolledBack<>(e, true) : new Outcome.Indeterminate<>(e);
    }
    give(connection);
    return new Outcome.Committed<>(value);
  }

  @Override
  public <T> T read(Bounds bounds, Work<T> work) throws SQLException {
    Connection connection = take();
    try {
      connection.setAutoCommit(false);
      connection.createStatement().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      T value = work.on(connection);
      connection.rollback();
      give(connection);
      return value;
    } catch (SQLException | RuntimeException e) {
      discard(connection);
      throw e;
    }
  }

  @Override
  public Connection dedicated(String purpose) throws StoreUnavailable {
    try {
      return source.getConnection();
    } catch (SQLException e) {
      throw new StoreUnavailable(e.getMessage(), e);
    }
  }

  @Override
  public DatabaseInfo info() {
    return new DatabaseInfo(false, "test", "", true, "", 0, 0, 0, 0);
  }

  private Connection take() throws SQLException {
    synchronized (idle) {
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    return source.getConnection();
  }

  private void give(Connection connection) {
    synchronized (idle) {
      idle.push(connection);
    }
  }

  private static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new AssertionError("closing a connection does not fail", e);
    }
  }

  @Override
  public void close() {
    synchronized (idle) {
      idle.forEach(DirectDatabase::discard);
      idle.clear();
    }
  }
}
