package io.weft.store.postgres.migrate;

import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.store.Database;
import io.weft.store.MigrationRefused;
import io.weft.store.Migrations;
import io.weft.store.ReadySchema;
import io.weft.store.SchemaInfo;
import io.weft.store.SchemaSource;
import io.weft.store.postgres.PgErrors;
import io.weft.store.postgres.StoreConfig;
import io.weft.support.dcs.DcsThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the schemas of plugins up to date as they come, looks at them again and again, and does what commands ask for. */
@Component(
    name = "weft.store.postgres.migrations",
    configurationPid = "weft.store.postgres",
    service = {Migrations.class, HealthCheck.class})
public final class StoreMigrations implements Migrations, HealthCheck {

  private static final Duration EVERY = Duration.ofSeconds(15);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final Duration STUCK = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(StoreMigrations.class);

  private final Database database;
  private final Timers timers;
  private final BiFunction<String, Integer, Registration> offer;
  private final boolean automatic;
  private final Runner runner;
  private final Map<SchemaSource, Kept> sources = new ConcurrentHashMap<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ThreadPoolExecutor worker = DcsThreads.create("store.postgres-schemas", 1);

  @Activate
  public StoreMigrations(BundleContext context, StoreConfig config, @Reference Database database, @Reference Node node,
      @Reference Timers timers) {
    this(database, timers, node.name(), config.migrate(), (schema, version) -> register(context, schema, version));
  }

  StoreMigrations(Database database, Timers timers, String node, boolean automatic, BiFunction<String, Integer,
      Registration> offer) {
    this.database = database;
    this.timers = timers;
    this.offer = offer;
    this.automatic = automatic;
    this.runner = new Runner(node, () -> closed.getCount() == 0, this::pause);
  }

  /** A schema that is up to date. */
  private record Ready(String schema, int version) implements ReadySchema {}

  private static Registration register(BundleContext context, String schema, int version) {
    ServiceRegistration<ReadySchema> registration = context.registerService(ReadySchema.class, new Ready(schema, version),
        new Hashtable<>(Map.of(ReadySchema.SCHEMA, schema)));
    return registration::unregister;
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void add(SchemaSource source) {
    Plan plan = Plan.of(source);
    boolean taken = sources.values().stream().anyMatch(k -> k.plan().schema().equals(plan.schema()));
    if (taken) {
      throw new IllegalArgumentException("schema " + plan.schema() + " belongs to another plugin already");
    }
    Kept kept = new Kept(plan, version -> offer.apply(plan.schema(), version));
    sources.put(source, kept);
    worker.execute(() -> look(kept));
  }

  void remove(SchemaSource source) {
    Kept kept = sources.remove(source);
    if (kept != null) {
      kept.close();
    }
  }

  @Deactivate
  void close() {
    closed.countDown();
    sources.values().forEach(Kept::close);
    worker.shutdown();
    try {
      // A step that takes longer goes on until the store cuts its connection.
      worker.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pause(Duration most) {
    try {
      closed.await(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On the worker, again and again. */
  private void look(Kept kept) {
    if (kept.isGone() || closed.getCount() == 0) {
      return;
    }
    SchemaInfo before = kept.info();
    SchemaInfo now = upToDate(kept.plan(), kept.info());
    kept.seen(now);
    if (before.state() != now.state()) {
      boolean fine = now.state() == SchemaInfo.State.READY || now.state() == SchemaInfo.State.UNKNOWN;
      log.atLevel(fine ? org.slf4j.event.Level.INFO
          : org.slf4j.event.Level.WARN).log("schema {} schema={} version={} message=\"{}\"",
          word(now.state()), now.schema(), now.version(), now.message());
    }
    boolean stuck = now.state() == SchemaInfo.State.FAILED || now.state() == SchemaInfo.State.FOREIGN;
    Duration pause = now.state() == SchemaInfo.State.UNKNOWN ? SOON : stuck ? STUCK : EVERY;
    Duration jittered = pause.plusNanos(ThreadLocalRandom.current().nextLong(pause.toNanos() / 5));
    kept.looksAgain(timers.after(jittered, worker, () -> look(kept)));
  }

  private SchemaInfo upToDate(Plan plan, SchemaInfo before) {
    try (Connection connection = database.dedicated("migrations")) {
      Examined is = Examined.of(connection, plan);
      boolean work = is.state() == SchemaInfo.State.ABSENT || is.state() == SchemaInfo.State.BEHIND
          || is.state() == SchemaInfo.State.FOREIGN;
      if (work && automatic && !is.held()) {
        runner.locked(connection, plan.schema(), () -> runner.apply(connection, plan,
            false)).forEach(line -> log.info("schema changed "
            + "schema={} step=\"{}\"", plan.schema(), line));
        is = Examined.of(connection, plan);
      }
      return is.info();
    } catch (MigrationRefused e) {
      return refused(plan, before, e);
    } catch (SQLException e) {
      return unknown(before, PgErrors.inWords(e));
    } catch (RuntimeException e) {
      log.error("schema not looked at schema={}", plan.schema(), e);
      return unknown(before, "unexpected: " + PgErrors.inWords(e));
    }
  }

  private static SchemaInfo unknown(SchemaInfo before, String why) {
    return new SchemaInfo(before.schema(), SchemaInfo.State.UNKNOWN, before.version(), before.target(), before.held(), why,
        before.steps());
  }

  /** Where it stands now, with the reason why it goes no further. */
  private SchemaInfo refused(Plan plan, SchemaInfo before, MigrationRefused why) {
    try (Connection connection = database.dedicated("migrations")) {
      Examined is = Examined.of(connection, plan);
      SchemaInfo.State state = is.state() == SchemaInfo.State.ABSENT || is.state() == SchemaInfo.State.BEHIND
          ? SchemaInfo.State.FAILED : is.state();
      return is.with(state, is.version(), String.valueOf(why.getMessage())).info();
    } catch (SQLException e) {
      return unknown(before, PgErrors.inWords(e));
    }
  }

  /** What was seen last; of tests. */
  SchemaInfo seen(String schema) throws MigrationRefused {
    return kept(schema).info();
  }

  @Override
  public List<SchemaInfo> status() {
    return sources.values().stream().sorted(java.util.Comparator.comparing(k -> k.plan().schema())).map(kept -> {
      try (Connection connection = database.dedicated("migrations")) {
        SchemaInfo now = Examined.of(connection, kept.plan()).info();
        SchemaInfo last = kept.info();
        // Why it goes no further is known from the last attempt only.
        return last.state() == SchemaInfo.State.FAILED && now.state() == SchemaInfo.State.BEHIND
            || last.state() == SchemaInfo.State.FAILED && now.state() == SchemaInfo.State.ABSENT
            || last.state() == SchemaInfo.State.FOREIGN && now.state() == SchemaInfo.State.FOREIGN ? last : now;
      } catch (SQLException e) {
        return unknown(kept.info(), PgErrors.inWords(e));
      }
    }).toList();
  }

  @Override
  public List<String> plan(String schema) throws MigrationRefused {
    Plan plan = kept(schema).plan();
    return connected(schema, connection -> runner.locked(connection, schema, () -> runner.plan(connection, plan)));
  }

  @Override
  public List<String> apply(String schema) throws MigrationRefused {
    Kept kept = kept(schema);
    try {
      return connected(schema, connection -> runner.locked(connection, schema, () -> runner.apply(connection, kept.plan(),
          true)));
    } finally {
      worker.execute(() -> again(kept));
    }
  }

  @Override
  public List<String> down(String schema, int version) throws MigrationRefused {
    Kept kept = kept(schema);
    try {
      return connected(schema, connection -> runner.locked(connection, schema, () -> {
        kept.takeBack();
        return runner.down(connection, kept.plan(), version);
      }));
    } finally {
      worker.execute(() -> again(kept));
    }
  }

  /** Besides its turns. */
  private void again(Kept kept) {
    if (!kept.isGone() && closed.getCount() > 0) {
      kept.seen(upToDate(kept.plan(), kept.info()));
    }
  }

  /** Something that needs a connection. */
  private interface Connected {
    List<String> on(Connection connection) throws SQLException, MigrationRefused;
  }

  private List<String> connected(String schema, Connected work) throws MigrationRefused {
    try (Connection connection = database.dedicated("migrations")) {
      return work.on(connection);
    } catch (SQLException e) {
      throw new MigrationRefused("schema " + schema + ": " + PgErrors.inWords(e), e);
    }
  }

  private Kept kept(String schema) throws MigrationRefused {
    return sources.values().stream().filter(k -> k.plan().schema().equals(schema)).findFirst().orElseThrow(() -> new MigrationRefused(
        "no plugin of this node has a schema '" + (schema.matches("[a-z0-9_]{1,48}") ? schema : "?") + "'; there is "
            + (sources.isEmpty() ? "none" : String.join(", ",
            sources.values().stream().map(k -> k.plan().schema()).sorted().toList()))));
  }

  @Override
  public List<HealthResult> check() {
    return sources.values().stream().map(Kept::info).map(info -> new HealthResult("schema-" + info.schema(), HealthKind.readiness,
        status(info), info.message())).toList();
  }

  private static HealthStatus status(SchemaInfo info) {
    return switch (info.state()) {
      case READY -> HealthStatus.ok;
      case UNKNOWN -> HealthStatus.unknown;
      case ABSENT, BEHIND, ADOPTABLE -> HealthStatus.warn;
      case AHEAD, FOREIGN, CHANGED, FAILED -> HealthStatus.critical;
    };
  }

  private static String word(SchemaInfo.State state) {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }
}
