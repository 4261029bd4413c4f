package io.weft.dcs.postgres;

import io.weft.support.Backoff;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for notifications on a connection of its own. They are a hint, which saves time: whoever misses one finds out by looking,
 * which this also asks for once in a while.
 */
final class PgListener implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PgListener.class);
  private static final int WAIT_MS = 500;
  private static final int STOP_SECONDS = 2;

  private final PgConnections connections;
  private final PgLayout layout;
  private final Runnable poke;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(2), ThreadLocalRandom.current());
  private final Thread thread;
  private volatile @Nullable Connection connection;

  PgListener(PgConnections connections, PgLayout layout, Runnable poke) {
    this.connections = connections;
    this.layout = layout;
    this.poke = poke;
    this.thread = new Thread(this::listen, "weft-dcs.postgres-listen");
    thread.setDaemon(true);
    thread.start();
  }

  private void listen() {
    while (closed.getCount() > 0) {
      try (Connection open = connections.open(); Statement statement = open.createStatement()) {
        connection = open;
        statement.execute("LISTEN \"" + layout.channel() + "\"");
        backoff.reset();
        PGConnection notifications = open.unwrap(PGConnection.class);
        while (closed.getCount() > 0) {
          notifications.getNotifications(WAIT_MS);
          poke.run();
          statement.execute("SELECT 1"); // finds out that the connection is dead
        }
      } catch (SQLException e) {
        log.debug("notifications interrupted problem=\"{}\"", e.getMessage());
        poke.run();
        pause(backoff.next());
      }
    }
  }

  private void pause(Duration time) {
    try {
      if (closed.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        log.debug("notifications stopped");
      }
    } catch (InterruptedException e) {
      closed.countDown();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    Connection open = connection;
    if (open != null) {
      PgConnections.discard(open);
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
