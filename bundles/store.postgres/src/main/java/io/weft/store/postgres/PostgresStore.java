package io.weft.store.postgres;

import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthResult;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Node;
import io.weft.node.Timers;
import io.weft.secret.Secrets;
import io.weft.store.Bounds;
import io.weft.store.Database;
import io.weft.store.DatabaseInfo;
import io.weft.store.Outcome;
import io.weft.store.StoreUnavailable;
import io.weft.store.Work;
import io.weft.store.postgres.server.OwnServer;
import io.weft.store.postgres.server.ProgramSource;
import io.weft.store.postgres.server.ServerOptions;
import io.weft.support.dcs.DcsThreads;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** A pool of connections to a PostgreSQL that is there already, or to one that this node runs. */
@Component(name = "weft.store.postgres", service = {Database.class, HealthCheck.class, ListenerSource.class})
@Designate(ocd = StoreConfig.class)
public final class PostgresStore implements Database, HealthCheck, ListenerSource {

  private static final int THREADS = 2;

  private final @Nullable OwnServer server;
  private final Endpoint.Locator locator;
  private final boolean signsIn;
  private final Connector connector;
  private final Pool pool;
  private final Calls calls;
  private final Transactions transactions;
  private final Dedicated dedicated;
  private final Probe probe;
  private final ThreadPoolExecutor executor = DcsThreads.create("store.postgres", THREADS);

  @Activate
  public PostgresStore(BundleContext context, StoreConfig config, @Reference Node node, @Reference Secrets secrets,
      @Reference Clock clock, @Reference Timers timers) {
    this(config, node, secrets, clock, timers, new BundledPrograms(context));
  }

  PostgresStore(StoreConfig config, Node node, Secrets secrets, Clock clock, Timers timers,
      Supplier<Optional<ProgramSource>> programs) {
    checkUrl(config.url());
    Endpoint.Password password = config.password().isEmpty() ? null : new StorePassword(config.password(), secrets);
    boolean own = config.url().isEmpty();
    this.signsIn = own || password != null;
    this.server = !own ? null : new OwnServer(node.home(), new ServerOptions(config.directory(), config.port(), config.run_as(),
        config.memory_mb(), config.user().isEmpty() ? "weft" : config.user(), password), programs, clock, timers);
    Endpoint external = Endpoint.of(config, secrets);
    this.locator = server == null ? () -> external : server;
    this.connector = new Connector(locator, config.timeout_ms(), "weft " + node.name());
    this.pool = new Pool(connector, config.connections());
    this.calls = new Calls(clock, timers, executor);
    this.transactions = new Transactions(pool, connector, clock);
    this.dedicated = new Dedicated(connector);
    this.probe = new Probe(() -> this, timers, executor);
    probe.start();
  }

  private static void checkUrl(String url) {
    if (!url.isEmpty() && (!url.startsWith("jdbc:postgresql:") || url.toLowerCase(Locale.ROOT).contains("password="))) {
      throw new IllegalArgumentException(
          "store.postgres.url: expected jdbc:postgresql://host:port/database without a password; store.postgres.password names "
          + "one");
    }
  }

  @Deactivate
  void close() {
    probe.close();
    transactions.close();
    connector.close();
    dedicated.close();
    pool.close();
    calls.close();
    executor.shutdown();
    if (server != null) {
      server.close();
    }
  }

  @Override
  public <T> Outcome<T> transact(Bounds bounds, Work<T> work) {
    Call call = calls.begin(bounds);
    try {
      return transactions.write(call, work);
    } finally {
      calls.end(call);
    }
  }

  @Override
  public <T> T read(Bounds bounds, Work<T> work) throws SQLException {
    Call call = calls.begin(bounds);
    try {
      return transactions.read(call, work);
    } finally {
      calls.end(call);
    }
  }

  @Override
  public Connection dedicated(String purpose) throws StoreUnavailable {
    return dedicated.open(purpose);
  }

  @Override
  public DatabaseInfo info() {
    Probe.Seen seen = probe.seen();
    String problem = seen.reachable() ? "" : seen.problem();
    return new DatabaseInfo(server != null, address(), seen.version(), seen.reachable(), problem.isEmpty() ? where() : problem,
        pool.active(), pool.idle(), transactions.indeterminate(), transactions.readBack());
  }

  private String address() {
    try {
      return locator.now().address();
    } catch (SQLException e) {
      return ""; // the node's own server is not up, and says why elsewhere
    }
  }

  private String where() {
    return server == null ? address() : server.inWords();
  }

  @Override
  public List<HealthResult> check() {
    String address = address();
    boolean local = server != null || address.startsWith("localhost:") || address.startsWith("127.0.0.1:")
        || address.startsWith("[::1]:");
    return StoreHealth.check(probe.seen(), probe.wasAsked(), where(), server != null, local, signsIn);
  }

  @Override
  public List<Listener> listeners() {
    return server == null || server.port().isEmpty() ? List.of()
        : List.of(new Listener("127.0.0.1:" + server.port().getAsInt(), "tcp", "store"));
  }
}
