package io.weft.dcs.postgres;

import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSession.Renewal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of this client: rows with a counter that goes up, and an advisory lock each on the one connection that is theirs. The
 * lock tells who is connected; the counter is what counts.
 */
final class PgSessions implements RenewedSession.Lifeline, AutoCloseable {

  private final PgConnections connections;
  private final PgLayout layout;
  private final PgSelfTest selfTest;
  private final ThreadPoolExecutor thread;
  // These belong to the one thread.
  private final Map<Long, Duration> mine = new HashMap<>();
  private @Nullable Connection line;

  /** @param thread has one thread */
  PgSessions(PgConnections connections, PgLayout layout, PgSelfTest selfTest, ThreadPoolExecutor thread) {
    this.connections = connections;
    this.layout = layout;
    this.selfTest = selfTest;
    this.thread = thread;
  }

  CompletableFuture<String> open(String name, Duration ttl) {
    return onLine(connection -> {
      long id = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
      mine.put(id, ttl);
      try {
        idleTimeout(connection);
        lock(connection, id);
        try (PreparedStatement insert = connection.prepareStatement(
            layout.sql("INSERT INTO SCHEMA.dcs_session (id, name, ttl_ms, renewals, locked) VALUES (?, ?, ?, 0, true)"))) {
          insert.setLong(1, id);
          insert.setString(2, name);
          insert.setLong(3, ttl.toMillis());
          insert.executeUpdate();
        }
      } catch (SQLException e) {
        mine.remove(id);
        throw e;
      }
      return Long.toString(id);
    });
  }

  @Override
  public CompletionStage<Renewal> renew(RenewedSession session) {
    return onLine(connection -> {
      try (PreparedStatement update = connection.prepareStatement(
          layout.sql("UPDATE SCHEMA.dcs_session SET renewals = renewals + 1 WHERE id = ?"))) {
        update.setLong(1, Long.parseLong(session.id()));
        return update.executeUpdate() == 1 ? Renewal.RENEWED : Renewal.GONE;
      }
    });
  }

  @Override
  public CompletionStage<?> end(RenewedSession session) {
    long id = Long.parseLong(session.id());
    return onLine(connection -> {
      mine.remove(id);
      try (PreparedStatement end = connection.prepareStatement(layout.sql("SELECT SCHEMA.dcs_end(?, -1), "
          + "pg_advisory_unlock(?)"))) {
        end.setLong(1, id);
        end.setLong(2, id);
        end.execute();
      }
      return true;
    });
  }

  private <T> CompletableFuture<T> onLine(PgConnections.Work<T> work) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        Connection connection = line();
        try {
          return work.on(connection);
        } catch (SQLException e) {
          if (!PgErrors.isAnswer(e)) {
            drop();
          }
          throw e;
        }
      } catch (SQLException e) {
        throw new CompletionException(e);
      }
    }, thread);
  }

  private Connection line() throws SQLException {
    if (line == null) {
      Connection connection = connections.open();
      try {
        selfTest.run(connection);
        idleTimeout(connection);
        for (long id : mine.keySet()) {
          lock(connection, id);
        }
      } catch (SQLException e) {
        PgConnections.discard(connection);
        throw e;
      }
      line = connection;
    }
    return line;
  }

  /**
   * Never waits: if the lock is still with a connection of ours that the server has not missed yet, the counter alone has to do.
   */
  private static void lock(Connection connection, long id) throws SQLException {
    try (PreparedStatement lock = connection.prepareStatement("SELECT pg_try_advisory_lock(?)")) {
      lock.setLong(1, id);
      try (ResultSet rows = lock.executeQuery()) {
        rows.next();
      }
    }
  }

  /**
   * A client that is stopped with its connection open is missed by the server after the longest TTL; servers before 14 miss it
   * later.
   */
  private void idleTimeout(Connection connection) throws SQLException {
    if (connection.getMetaData().getDatabaseMajorVersion() < 14) {
      return;
    }
    long longest = mine.values().stream().mapToLong(Duration::toMillis).max().orElse(0);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET idle_session_timeout = " + longest);
    }
  }

  private void drop() {
    if (line != null) {
      PgConnections.discard(line);
      line = null;
    }
  }

  @Override
  public void close() {
    thread.execute(this::drop);
    thread.shutdown();
  }
}
