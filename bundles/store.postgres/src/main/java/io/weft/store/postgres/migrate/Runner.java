package io.weft.store.postgres.migrate;

import io.weft.store.Migration;
import io.weft.store.Migration.Obstacle;
import io.weft.store.MigrationRefused;
import io.weft.store.SchemaInfo;
import io.weft.store.postgres.PgErrors;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Does migrations on a connection of its own, under a lock that one has at a time in the whole database. */
final class Runner {

  /** Of advisory locks: 'weft'. The second key is the schema's. */
  private static final int LOCK = 0x77656674;

  private static final Duration LOCK_EVERY = Duration.ofMillis(200);
  private static final Duration LOCK_MAX = Duration.ofMinutes(10);

  /** A change of a table waits no longer than this for those who use it, since everybody else waits behind it. */
  private static final Duration TABLE_LOCK_MAX = Duration.ofSeconds(10);

  private static final int NAMES_MAX = 20;
  private static final int DIFFERENCES_MAX = 5;

  private final String node;
  private final BooleanSupplier closed;
  private final Pause pause;

  /** Waits a moment; returns early when there is no use in waiting. */
  interface Pause {
    void take(Duration most);
  }

  Runner(String node, BooleanSupplier closed, Pause pause) {
    this.node = node;
    this.closed = closed;
    this.pause = pause;
  }

  /** Something that is done under the lock. */
  interface Locked<T> {
    T run() throws SQLException, MigrationRefused;
  }

  <T> T locked(Connection connection, String schema, Locked<T> work) throws MigrationRefused {
    try {
      long end = System.nanoTime() + LOCK_MAX.toNanos();
      while (!Sql.finds(connection, "SELECT 1 WHERE pg_try_advisory_lock(?, hashtext(?))", LOCK, schema)) {
        if (closed.getAsBoolean() || System.nanoTime() > end) {
          throw new MigrationRefused("another node migrates schema " + schema
              + " for a long time already; look at it with 'billing "
              + "migrate status', or in pg_stat_activity");
        }
        pause.take(LOCK_EVERY);
      }
      try {
        return work.run();
      } finally {
        if (!connection.isClosed()) {
          Sql.finds(connection, "SELECT pg_advisory_unlock(?, hashtext(?))", LOCK, schema);
        }
      }
    } catch (SQLException e) {
      throw new MigrationRefused("schema " + schema + ": " + PgErrors.inWords(e), e);
    }
  }

  /** What {@link #apply} would do. */
  List<String> plan(Connection connection, Plan plan) throws SQLException {
    Examined is = adoptable(connection, Examined.of(connection, plan));
    List<String> lines = new ArrayList<>();
    switch (is.state()) {
      case READY -> lines.add(is.message());
      case AHEAD, CHANGED, FOREIGN -> lines.add("refused: " + is.message());
      default -> {
        if (is.state() == SchemaInfo.State.ADOPTABLE) {
          lines.add("adopt schema " + plan.schema() + " as it is, at " + is.version());
        }
        boolean first = true;
        for (Migration migration : is.missing()) {
          lines.add("apply " + words(migration) + (migration.transactional() ? "" : ", outside of a transaction"));
          if (first && is.state() != SchemaInfo.State.ABSENT) {
            // Checks of later ones may need tables that the earlier ones make.
            obstacle(connection, plan.schema(), migration.before()).ifPresent(o -> lines.add("in the way: " + o));
          }
          first = false;
        }
      }
    }
    return lines;
  }

  /**
   * Under the lock.
   *
   * @param evenIfHeld whether somebody said so
   */
  List<String> apply(Connection connection, Plan plan, boolean evenIfHeld) throws SQLException, MigrationRefused {
    Examined is = adoptable(connection, Examined.of(connection, plan));
    List<String> done = new ArrayList<>();
    if (is.held() && !evenIfHeld) {
      return done;
    }
    switch (is.state()) {
      case AHEAD, CHANGED, FOREIGN -> throw new MigrationRefused(is.message());
      case ABSENT -> transaction(connection, () -> History.begin(connection, plan.schema(), "made", node));
      case ADOPTABLE -> {
        adopt(connection, plan, is.version());
        done.add("adopted schema " + plan.schema() + " at " + is.version());
      }
      default -> transaction(connection, () -> History.hold(connection, plan.schema(), false));
    }
    for (Migration migration : Examined.of(connection, plan).missing()) {
      one(connection, plan.schema(), migration);
      done.add("applied " + words(migration));
    }
    return done;
  }

  private void one(Connection connection, String schema, Migration migration) throws MigrationRefused {
    try {
      if (migration.transactional()) {
        transaction(connection, () -> {
          refuse(obstacle(connection, schema, migration.before()), "migration " + words(migration) + " is not begun: ");
          path(connection, schema, true);
          Sql.run(connection, Plan.sql(migration.up(), schema));
          History.add(connection, schema, migration, true, node);
        });
        return;
      }
      refuse(obstacle(connection, schema, migration.before()), "migration " + words(migration) + " is not begun: ");
      dropInvalid(connection, schema);
      History.add(connection, schema, migration, false, node);
      path(connection, schema, false);
      Sql.run(connection, Plan.sql(migration.up(), schema));
      Sql.run(connection, "RESET search_path");
      History.add(connection, schema, migration, true, node);
    } catch (SQLException e) {
      throw new MigrationRefused("migration " + words(migration) + " failed: " + PgErrors.inWords(e)
          + (migration.transactional() ? "; nothing of it happened" : "; it is begun again next time"), e);
    }
  }

  /**
   * What a CONCURRENTLY that was interrupted leaves: an index that costs and is of no use, and that is in the way of the next
   * attempt.
   */
  private static void dropInvalid(Connection connection, String schema) throws SQLException {
    for (String index : Sql.texts(connection, 1_000,
        "SELECT quote_ident(c.relname) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        + "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ? AND NOT i.indisvalid", schema)) {
      Sql.run(connection, "DROP INDEX CONCURRENTLY " + schema + "." + index);
    }
  }

  /** Under the lock. */
  List<String> down(Connection connection, Plan plan, int version) throws SQLException, MigrationRefused {
    Examined is = Examined.of(connection, plan);
    if (is.applied().isEmpty()) {
      throw new MigrationRefused(is.message());
    }
    if (is.state() == SchemaInfo.State.AHEAD || is.state() == SchemaInfo.State.CHANGED) {
      throw new MigrationRefused(is.message());
    }
    if (version < 0 || version > is.version()) {
      throw new MigrationRefused("schema " + plan.schema() + " is at " + is.version() + "; going back ends between 0 and that");
    }
    List<String> done = new ArrayList<>();
    transaction(connection, () -> History.hold(connection, plan.schema(), true));
    for (int number = is.applied().get().rows().isEmpty() ? 0 : is.applied().get().rows().lastKey(); number > version; number--) {
      Migration migration = plan.migrations().get(number - 1);
      back(connection, plan.schema(), migration);
      done.add("took back " + words(migration));
    }
    return done;
  }

  private void back(Connection connection, String schema, Migration migration) throws MigrationRefused {
    String down = migration.down().orElseThrow(() -> new MigrationRefused("migration " + words(migration) + " has no way back"));
    try {
      transaction(connection, () -> {
        refuse(obstacle(connection, schema, migration.beforeDown()), "migration " + words(migration)
            + " is not taken back, since this would be "
            + "lost: ");
        path(connection, schema, true);
        Sql.run(connection, Plan.sql(down, schema));
        History.remove(connection, schema, migration.number());
      });
    } catch (SQLException e) {
      throw new MigrationRefused("migration " + words(migration) + " is not taken back: " + PgErrors.inWords(e), e);
    }
  }

  /**
   * Whether a foreign schema is as ours would be at some version: found out by making ours, under another name that does not
   * stay.
   */
  Examined adoptable(Connection connection, Examined is) throws SQLException {
    if (is.state() != SchemaInfo.State.FOREIGN) {
      return is;
    }
    Shape found = Shape.read(connection, is.plan().schema());
    Optional<Integer> version = Optional.empty();
    List<String> differences = List.of();
    String scratch = is.plan().schema() + "_weft_compare";
    Sql.run(connection, "DROP SCHEMA IF EXISTS " + scratch + " CASCADE; CREATE SCHEMA " + scratch);
    try {
      for (Migration migration : is.plan().migrations()) {
        path(connection, scratch, false);
        Sql.run(connection, Plan.sql(migration.up(), scratch));
        Sql.run(connection, "RESET search_path");
        List<String> here = found.differences(Shape.read(connection, scratch), DIFFERENCES_MAX);
        differences = here;
        if (here.isEmpty()) {
          version = Optional.of(migration.number());
        }
      }
    } finally {
      Sql.run(connection, "RESET search_path; DROP SCHEMA IF EXISTS " + scratch + " CASCADE");
    }
    return version.isPresent()
        ? is.with(SchemaInfo.State.ADOPTABLE, version.get(), "schema " + is.plan().schema()
        + " was not made by this store, but is as it would be at "
            + version.get() + "; weft billing migrate apply adopts it")
        : is.with(SchemaInfo.State.FOREIGN, 0, "schema " + is.plan().schema() + " was not made by this store and is different ("
        + String.join("; ",
            differences) + "); move it away, or make it equal");
  }

  private void adopt(Connection connection, Plan plan, int version) throws SQLException, MigrationRefused {
    transaction(connection, () -> {
      History.begin(connection, plan.schema(), "adopted", node);
      for (Migration migration : plan.migrations().subList(0, version)) {
        History.add(connection, plan.schema(), migration, true, node);
      }
    });
  }

  private Optional<String> obstacle(Connection connection, String schema, List<Obstacle> obstacles) throws SQLException {
    for (Obstacle obstacle : obstacles) {
      boolean auto = connection.getAutoCommit();
      path(connection, schema, !auto);
      List<String> names = Sql.texts(connection, NAMES_MAX + 1, Plan.sql(obstacle.query(), schema));
      if (auto) {
        Sql.run(connection, "RESET search_path");
      }
      if (!names.isEmpty()) {
        boolean more = names.size() > NAMES_MAX;
        return Optional.of(obstacle.what() + ": " + String.join(", ", more ? names.subList(0, NAMES_MAX) : names) + (more
            ? ", ..." : ""));
      }
    }
    return Optional.empty();
  }

  private static void refuse(Optional<String> obstacle, String words) throws MigrationRefused {
    if (obstacle.isPresent()) {
      throw new MigrationRefused(words + obstacle.get());
    }
  }

  private static void path(Connection connection, String schema, boolean local) throws SQLException {
    Sql.run(connection, "SET " + (local ? "LOCAL " : "") + "search_path = " + schema);
    if (local) {
      Sql.run(connection, "SET LOCAL lock_timeout = " + TABLE_LOCK_MAX.toMillis());
    }
  }

  private static String words(Migration migration) {
    return migration.number() + " (" + migration.name() + ")";
  }

  /** Statements that happen together. */
  private interface Statements {
    void run() throws SQLException, MigrationRefused;
  }

  private static void transaction(Connection connection, Statements statements) throws SQLException, MigrationRefused {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      statements.run();
      connection.commit();
      done = true;
    } finally {
      if (!done && !connection.isClosed()) {
        connection.rollback();
      }
      if (!connection.isClosed()) {
        connection.setAutoCommit(true);
      }
    }
  }
}
