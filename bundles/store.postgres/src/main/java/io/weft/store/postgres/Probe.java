package io.weft.store.postgres;

import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.store.Bounds;
import io.weft.store.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Asks the server how it is, every now and then; health and status answer from that. */
final class Probe implements AutoCloseable {

  static final int OLDEST = 13;

  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(5);

  /**
   * What was seen last.
   *
   * @param reachable whether it answered
   * @param problem why not; empty if it did
   * @param version of the server; empty until it is known
   * @param number of the version, such as 180006
   * @param synced whether a commit that was confirmed survives a power cut
   * @param encrypted whether connections are
   * @param replica whether it cannot be written
   */
  record Seen(boolean reachable, String problem, String version, int number, boolean synced, boolean encrypted, boolean replica) {

    Seen lost(String why) {
      return new Seen(false, why, version, number, synced, encrypted, replica);
    }
  }

  private static final Seen NOTHING = new Seen(false, "not asked yet", "", 0, false, false, false);

  private final Supplier<Database> database;
  private final Timers timers;
  private final Executor executor;
  private volatile Seen seen = NOTHING;
  private volatile boolean closed;
  private volatile Registration timer = () -> {};

  Probe(Supplier<Database> database, Timers timers, Executor executor) {
    this.database = database;
    this.timers = timers;
    this.executor = executor;
  }

  void start() {
    timer = timers.after(Duration.ZERO, executor, this::ask);
  }

  Seen seen() {
    return seen;
  }

  boolean wasAsked() {
    return seen != NOTHING;
  }

  private void ask() {
    if (closed) {
      return;
    }
    try {
      seen = database.get().read(Bounds.within(MOST).whileTrue(() -> !closed), Probe::read);
    } catch (SQLException e) {
      seen = seen.lost(PgErrors.inWords(e));
    }
    if (!closed) {
      Duration pause = seen.reachable() ? EVERY : SOON;
      timer = timers.after(pause.plusNanos(ThreadLocalRandom.current().nextLong(pause.toNanos() / 5)), executor, this::ask);
    }
  }

  private static Seen read(Connection connection) throws SQLException {
    String sql = "SELECT current_setting('server_version'), current_setting('server_version_num')::int, "
        + "current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off', "
        + "coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false), pg_is_in_recovery()";
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new Seen(true, "", row.getString(1).split(" ")[0], row.getInt(2), row.getBoolean(3), row.getBoolean(4),
          row.getBoolean(5));
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
  }
}
