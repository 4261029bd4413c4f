package io.weft.store.postgres.migrate;

import io.weft.store.Migration;
import io.weft.store.SchemaInfo;
import io.weft.store.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How a schema is, compared with what its plugin says.
 *
 * @param applied empty if the schema is not ours
 */
record Examined(Plan plan, SchemaInfo.State state, int version, boolean held, String message, Optional<History.Applied> applied) {

  /** Reads only. A schema that is not ours is called foreign here; whether it can be adopted takes an attempt. */
  static Examined of(Connection connection, Plan plan) throws SQLException {
    Optional<History.Applied> applied = History.read(connection, plan.schema());
    if (applied.isEmpty()) {
      boolean there = History.schemaExists(connection, plan.schema());
      boolean empty = !there || Shape.read(connection, plan.schema()).lines().isEmpty();
      return empty ? new Examined(plan, SchemaInfo.State.ABSENT, 0, false, "nothing is there yet; " + plan.target()
          + " migrations to apply",
          applied) : new Examined(plan, SchemaInfo.State.FOREIGN, 0, false, "schema " + plan.schema()
          + " was not made by this store", applied);
    }
    return ours(plan, applied.get());
  }

  private static Examined ours(Plan plan, History.Applied applied) {
    int version = applied.version();
    Optional<String> changed = changed(plan, applied);
    if (changed.isPresent()) {
      return new Examined(plan, SchemaInfo.State.CHANGED, version, applied.held(), changed.get(), Optional.of(applied));
    }
    if (version > plan.target()) {
      return new Examined(plan, SchemaInfo.State.AHEAD, version, applied.held(), "the schema is at " + version
          + ", and this version of the "
          + "plugin knows " + plan.target() + "; run the later version, or go back with it: weft billing migrate down",
          Optional.of(applied));
    }
    boolean whole = version == plan.target() && applied.rows().values().stream().allMatch(History.Row::finished);
    String message = whole ? "up to date at " + version : applied.held()
        ? "held at " + version + " of " + plan.target() + " on purpose; weft billing migrate apply goes on"
        : version + " of " + plan.target() + " migrations are applied";
    return new Examined(plan, whole ? SchemaInfo.State.READY : SchemaInfo.State.BEHIND, version, applied.held(), message,
        Optional.of(applied));
  }

  private static Optional<String> changed(Plan plan, History.Applied applied) {
    int number = 1;
    for (History.Row row : applied.rows().values()) {
      if (row.number() != number++) {
        return Optional.of("migration " + (number - 1) + " was left out, " + row.number()
            + " was applied; somebody changed the history");
      }
      if (row.number() <= plan.target()) {
        Migration migration = plan.migrations().get(row.number() - 1);
        if (!Plan.checksum(migration).equals(row.checksum())) {
          return Optional.of("migration " + row.number() + " (" + row.name() + ") is not the one that was applied"
              + "; what was released must not change: install the version of the plugin that this database belongs to");
        }
      }
    }
    return Optional.empty();
  }

  Examined with(SchemaInfo.State other, int otherVersion, String otherMessage) {
    return new Examined(plan, other, otherVersion, held, otherMessage, applied);
  }

  SchemaInfo info() {
    SortedMap<Integer, Step> steps = new TreeMap<>();
    for (Migration m : plan.migrations()) {
      steps.put(m.number(), new Step(m.number(), m.name(), m.transactional(), m.down().isPresent(), null, "", false));
    }
    applied.ifPresent(a -> a.rows().values().forEach(row -> {
      Step known = steps.get(row.number());
      steps.put(row.number(), new Step(row.number(), row.name(), known == null || known.transactional(), known != null
          && known.reversible(), row.finished() ? row.at() : null, row.finished() ? row.by() : "", !row.finished()));
    }));
    return new SchemaInfo(plan.schema(), state, version, plan.target(), held, message, new ArrayList<>(steps.values()));
  }

  /** Migrations that are to be applied, in order. */
  List<Migration> missing() {
    SortedMap<Integer, History.Row> rows = applied.map(History.Applied::rows).orElseGet(TreeMap::new);
    return plan.migrations().stream().filter(m -> {
      History.Row row = rows.get(m.number());
      return m.number() > version || row != null && !row.finished();
    }).toList();
  }
}
