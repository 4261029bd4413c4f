package io.weft.dcs.postgres;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Causes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions that nobody renews. Every client looks at all of them; one whose counter stood still for its TTL, by this
 * client's monotonic clock, is over. No wall clock decides, neither here nor at the database, so none that jumps does harm.
 */
final class PgSweeper implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PgSweeper.class);
  private static final Duration INTERVAL = Duration.ofMillis(400);
  private static final int FORGET_EVERY = 50;

  private record Seen(long renewals, long since) {}

  private record Row(long id, long renewals, long ttlMillis, boolean released) {}

  private final PgConnections connections;
  private final PgLayout layout;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final boolean releaseOnDisconnect;
  private final long history;
  private final Map<Long, Seen> seen = new HashMap<>(); // one sweep at a time touches it
  private int sweeps;
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  PgSweeper(PgConnections connections, PgLayout layout, Clock clock, Timers timers, Executor executor, PgConfig config) {
    this.connections = connections;
    this.layout = layout;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.releaseOnDisconnect = config.release_on_disconnect();
    this.history = Math.max(100, config.history());
    next();
  }

  private void next() {
    long jitter = ThreadLocalRandom.current().nextLong(INTERVAL.toNanos() / 5);
    timer = timers.after(INTERVAL.plusNanos(jitter), executor, this::sweep);
  }

  private void sweep() {
    if (closed) {
      return;
    }
    connections.run(this::sweepNow).whenComplete((ended, failure) -> {
      if (failure != null) {
        log.debug("sessions not looked at problem=\"{}\"", PgErrors.reason(Causes.of(failure)));
      }
      if (!closed) {
        next();
      }
    });
  }

  private boolean sweepNow(Connection connection) throws SQLException {
    List<Row> rows = read(connection);
    long now = clock.nanos();
    Set<Long> there = new HashSet<>();
    for (Row row : rows) {
      there.add(row.id);
      Seen last = seen.get(row.id);
      if (last == null || last.renewals != row.renewals) {
        last = new Seen(row.renewals, now);
        seen.put(row.id, last);
      }
      boolean still = now - last.since >= Duration.ofMillis(row.ttlMillis).toNanos();
      if (still || row.released) {
        end(connection, row);
      }
    }
    seen.keySet().retainAll(there);
    if (++sweeps % FORGET_EVERY == 0) {
      try (PreparedStatement forget = connection.prepareStatement(layout.sql("SELECT SCHEMA.dcs_forget(?)"))) {
        forget.setLong(1, history);
        forget.execute();
      }
    }
    return true;
  }

  private List<Row> read(Connection connection) throws SQLException {
    String free = releaseOnDisconnect ? "locked AND NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND "
        + "l.objsubid = 1 "
        + "AND l.classid = (s.id >> 32)::oid AND l.objid = (s.id & 4294967295)::oid "
        + "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))" : "false";
    List<Row> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(layout.sql("SELECT s.id, s.renewals, s.ttl_ms, " + free
            + " FROM SCHEMA.dcs_session s"))) {
      while (result.next()) {
        rows.add(new Row(result.getLong(1), result.getLong(2), result.getLong(3), result.getBoolean(4)));
      }
    }
    return rows;
  }

  private void end(Connection connection, Row row) throws SQLException {
    try (PreparedStatement end = connection.prepareStatement(layout.sql("SELECT SCHEMA.dcs_end(?, ?)"))) {
      end.setLong(1, row.id);
      end.setLong(2, row.renewals);
      try (ResultSet result = end.executeQuery()) {
        result.next();
        log.debug("session swept session={} ended={}", row.id, result.getBoolean(1));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
