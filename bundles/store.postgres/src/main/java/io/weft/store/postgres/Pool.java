package io.weft.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.weft.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** The pool of connections. */
final class Pool implements AutoCloseable {

  /** HikariCP takes no deadline per call, so a call asks again and again; this is the shortest that it lets one wait. */
  private static final Duration STEP = Duration.ofMillis(250);

  private static final Duration LIFE = Duration.ofMinutes(30);
  private static final Duration IDLE = Duration.ofMinutes(5);

  private final Connector connector;
  private final HikariDataSource source;

  Pool(Connector connector, int connections) {
    this.connector = connector;
    HikariConfig config = new HikariConfig();
    config.setPoolName("store.postgres");
    config.setDataSource(connector);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(Math.min(1, connections));
    config.setConnectionTimeout(STEP.toMillis());
    config.setValidationTimeout(STEP.toMillis());
    config.setInitializationFailTimeout(-1);
    config.setMaxLifetime(LIFE.toMillis());
    config.setIdleTimeout(IDLE.toMillis());
    config.setAutoCommit(true);
    config.setRegisterMbeans(false);
    AtomicInteger count = new AtomicInteger();
    config.setThreadFactory(task -> {
      Thread thread = new Thread(task, "weft-store.postgres-pool-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
    source = new HikariDataSource(config);
  }

  /** Waits for a connection until the call ends. */
  Connection borrow(Call call) throws StoreUnavailable {
    while (true) {
      try {
        return source.getConnection();
      } catch (SQLTransientConnectionException e) {
        if (call.isOver()) {
          String problem = connector.problem();
          throw new StoreUnavailable(problem.isEmpty() ? "all " + source.getMaximumPoolSize() + " connections are in use; raise "
              + "store.postgres.connections" : problem, e);
        }
      } catch (SQLException e) {
        throw new StoreUnavailable(PgErrors.inWords(e), e);
      }
    }
  }

  /** Not used again by anybody. */
  void evict(Connection connection) {
    source.evictConnection(connection);
  }

  int active() {
    HikariPoolMXBean bean = source.getHikariPoolMXBean();
    return bean == null ? 0 : bean.getActiveConnections();
  }

  int idle() {
    HikariPoolMXBean bean = source.getHikariPoolMXBean();
    return bean == null ? 0 : bean.getIdleConnections();
  }

  @Override
  public void close() {
    source.close();
  }
}
