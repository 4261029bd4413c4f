package io.weft.dcs.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections for reading and writing, one per thread that works. One that failed is not used again, nor are those that are as
 * old.
 */
final class PgConnections implements AutoCloseable {

  /** Work on a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** A new connection; may take as long as the configuration allows. */
  interface Source {
    Connection connect() throws SQLException;
  }

  /** No connection could be had, so nothing was asked. */
  static final class NotConnected extends SQLException {
    private static final long serialVersionUID = 1L;

    NotConnected(SQLException cause) {
      super(cause.getMessage(), cause.getSQLState(), cause);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(PgConnections.class);

  private final Source source;
  private final PgLayout layout;
  private final Executor executor;
  private final BlockingQueue<Connection> idle = new LinkedBlockingQueue<>();
  private final AtomicBoolean laidOut = new AtomicBoolean();
  private volatile boolean closed;

  /** @param executor has as many threads as there may be connections */
  PgConnections(Source source, PgLayout layout, Executor executor) {
    this.source = source;
    this.layout = layout;
    this.executor = executor;
  }

  /** Fails with {@link SQLException}; one that is {@link NotConnected} had no effect. */
  <T> CompletableFuture<T> run(Work<T> work) {
    try {
      return CompletableFuture.supplyAsync(() -> {
        try {
          return now(work);
        } catch (SQLException e) {
          throw new CompletionException(e);
        }
      }, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new NotConnected(new SQLException("too much waits for the database already", e)));
    }
  }

  private <T> T now(Work<T> work) throws SQLException {
    Connection connection = borrow();
    boolean good = false;
    try {
      T result = work.on(connection);
      good = true;
      return result;
    } catch (SQLException e) {
      good = PgErrors.isAnswer(e);
      throw e;
    } finally {
      if (good && !closed) {
        idle.add(connection);
      } else {
        discard(connection);
        for (Connection old = idle.poll(); !good && old != null; old = idle.poll()) {
          discard(old);
        }
      }
    }
  }

  private Connection borrow() throws SQLException {
    Connection connection = idle.poll();
    return connection != null ? connection : open();
  }

  /** A connection that is the caller's own, with the tables there. */
  Connection open() throws SQLException {
    if (closed) {
      throw new NotConnected(new SQLException("this client is closed"));
    }
    try {
      Connection connection = source.connect();
      if (!laidOut.get()) {
        try {
          layout.create(connection);
          laidOut.set(true);
        } catch (SQLException e) {
          discard(connection);
          throw e;
        }
      }
      return connection;
    } catch (SQLException e) {
      throw new NotConnected(e);
    }
  }

  static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("connection does not close problem=\"{}\"", e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
      discard(connection);
    }
  }
}
