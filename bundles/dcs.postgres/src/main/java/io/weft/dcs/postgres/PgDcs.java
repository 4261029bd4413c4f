package io.weft.dcs.postgres;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.secret.Secrets;
import io.weft.support.dcs.DcsChecks;
import io.weft.support.dcs.DcsOfWrites;
import io.weft.support.dcs.DcsReads;
import io.weft.support.dcs.DcsThreads;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.PolledWatches;
import io.weft.support.dcs.RenewedSessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Rows as keys, one counter as revisions, rows with a counter as sessions. */
@Component(
    name = "weft.dcs.postgres",
    service = Dcs.class,
    property = Dcs.BACKEND + "=postgres",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PgConfig.class)
public final class PgDcs extends DcsOfWrites {

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, false, Duration.ZERO, 64, Duration.ofSeconds(1), Duration.ofHours(1));
  private static final int NEWS_THREADS = 2;

  private final PgConnections connections;
  private final PgKeys keys;
  private final PolledWatches watches;
  private final PgListener listener;
  private final PgSessions sessions;
  private final PgSweeper sweeper;
  private final PgStatus status;
  private final Clock clock;
  private final Timers timers;
  private final ThreadPoolExecutor workers;
  private final ThreadPoolExecutor news = DcsThreads.create("dcs.postgres-news", NEWS_THREADS);
  private final ThreadPoolExecutor line = DcsThreads.create("dcs.postgres-line", 1);
  private final RenewedSessions open;

  @Activate
  public PgDcs(
      PgConfig config, @Reference Node node, @Reference Secrets secrets, @Reference Clock clock, @Reference Timers timers) {
    PgSource source = new PgSource(config, secrets);
    PgLayout layout = new PgLayout(config.schema().isEmpty() ? "weft_" + node.fabric() : config.schema());
    this.clock = clock;
    this.timers = timers;
    this.workers = DcsThreads.create("dcs.postgres", Math.min(32, Math.max(1, config.connections())));
    this.connections = new PgConnections(source, layout, workers);
    this.keys = new PgKeys(layout);
    PgChanges changes = new PgChanges(keys, layout);
    this.watches = new PolledWatches((prefix, told) -> read(c -> changes.read(c, prefix, told)), news);
    this.listener = new PgListener(connections, layout, watches::poke);
    this.sessions = new PgSessions(connections, layout, new PgSelfTest(connections), line);
    this.open = new RenewedSessions(sessions, clock, timers, news);
    this.sweeper = new PgSweeper(connections, layout, clock, timers, news, config);
    this.status = new PgStatus(layout, source.signsIn());
  }

  @Deactivate
  void close() {
    sweeper.close();
    watches.close();
    listener.close();
    open.stop().whenComplete((done, failure) -> {
      sessions.close();
      workers.shutdown();
      news.shutdown();
      connections.close();
    });
  }

  @Override
  public String backend() {
    return "postgres";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return read(c -> keys.get(c, key, mode == ReadMode.LINEARIZABLE));
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return read(c -> keys.list(c, prefix, mode == ReadMode.LINEARIZABLE));
  }

  @Override
  public Registration watch(String prefix, long after, Watcher watcher) {
    DcsKeys.checkPrefix(prefix);
    return watches.watch(prefix, after, watcher);
  }

  @Override
  public CompletionStage<Session> open(String name, Duration ttl) {
    DcsChecks.session(name, ttl, CAPABILITIES);
    long sent = clock.nanos();
    return unavailable(sessions.open(name, ttl).thenApply(id -> open.start(id, name, ttl, sent)));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, news);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return read(status::read);
  }

  @Override
  protected CompletionStage<WriteResult> write(List<Write> writes) {
    return connections.run(c -> keys.write(c, writes)).exceptionally(PgErrors::failed).minimalCompletionStage();
  }

  private <T> CompletionStage<T> read(PgConnections.Work<T> work) {
    return unavailable(connections.run(work));
  }

  private static <T> CompletionStage<T> unavailable(CompletableFuture<T> stage) {
    return DcsReads.orUnavailable(stage, PgErrors::reason);
  }
}
