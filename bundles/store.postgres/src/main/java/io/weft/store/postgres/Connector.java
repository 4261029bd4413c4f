package io.weft.store.postgres;

import io.weft.store.StoreUnavailable;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** Makes connections to wherever the server is. The pool gets its connections here, and so does everybody beside it. */
final class Connector implements DataSource {

  /** A transaction that does nothing for so long is ended by the server, so that a process that was stopped frees its locks. */
  private static final Duration IDLE_IN_TRANSACTION = Duration.ofSeconds(30);

  /** The pool waits longer and longer after failures; while an attempt is tried again in here it does not. */
  private static final Duration PERSIST = Duration.ofSeconds(5);

  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Endpoint.Locator locator;
  private final int timeoutMs;
  private final String application;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile String problem = "not connected yet";
  private volatile boolean tested;
  private volatile boolean canTell;

  /** @param application shown in {@code pg_stat_activity} */
  Connector(Endpoint.Locator locator, int timeoutMs, String application) {
    this.locator = locator;
    this.timeoutMs = timeoutMs;
    this.application = application;
  }

  /** Why the last attempt failed; empty if it did not. */
  String problem() {
    return problem;
  }

  /** Whether the server can say later what became of a transaction; known once there was a connection. */
  boolean canTell() {
    return canTell;
  }

  /** One attempt. */
  Connection connect(String purpose) throws StoreUnavailable {
    if (closed.getCount() == 0) {
      throw new StoreUnavailable("the store of this node is stopped");
    }
    try {
      Connection connection = open(purpose.isEmpty() ? application : application + " " + purpose);
      if (!tested) {
        test(connection);
      }
      problem = "";
      return connection;
    } catch (SQLException e) {
      problem = PgErrors.inWords(e);
      throw e instanceof StoreUnavailable unavailable ? unavailable : new StoreUnavailable(problem, e);
    }
  }

  private Connection open(String name) throws SQLException {
    Connection connection = locator.now().source(() -> name, timeoutMs).getConnection();
    try (Statement statement = connection.createStatement()) {
      // The driver would set the zone of this machine; hours of books are those of the database, in UTC.
      statement.execute("SET idle_in_transaction_session_timeout = " + IDLE_IN_TRANSACTION.toMillis() + "; SET TIME ZONE 'UTC'");
      return connection;
    } catch (SQLException e) {
      discard(connection);
      throw e;
    }
  }

  /** The first connection is not used before it is known to be one. */
  private synchronized void test(Connection connection) throws SQLException {
    boolean good = tested; // by somebody while we waited
    if (good) {
      return;
    }
    try (Connection other = open(application + " test")) {
      if (SelfTest.isPooled(connection, other)) {
        throw new StoreUnavailable(SelfTest.POOLED);
      }
      canTell = CommitMark.isKnownAt(other);
      good = true;
      tested = true;
    } finally {
      if (!good) {
        discard(connection);
      }
    }
  }

  /** Attempts for a while. */
  @Override
  public Connection getConnection() throws SQLException {
    long end = System.nanoTime() + PERSIST.toNanos();
    while (true) {
      try {
        return connect("");
      } catch (StoreUnavailable e) {
        if (System.nanoTime() > end || pausedOrClosed()) {
          throw e;
        }
      }
    }
  }

  /** Waits a moment; true if there is nothing to wait for any more. */
  private boolean pausedOrClosed() {
    try {
      return closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  void close() {
    closed.countDown();
  }

  static void discard(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      org.slf4j.LoggerFactory.getLogger(Connector.class).debug("connection does not close problem=\"{}\"", PgErrors.inWords(e));
    }
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the configuration says who signs in");
  }

  @Override
  public PrintWriter getLogWriter() {
    return new PrintWriter(PrintWriter.nullWriter());
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // Nothing is written there: the driver's failures come as exceptions.
  }

  @Override
  public void setLoginTimeout(int seconds) {
    // The configuration says how long.
  }

  @Override
  public int getLoginTimeout() {
    return (timeoutMs + 999) / 1_000;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("SLF4J is used");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException("nothing is wrapped");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
