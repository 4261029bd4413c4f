package io.weft.dcs.nats;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
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
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Messages as keys, sequences as revisions; sessions by what clients see of each other. No reads that are surely fresh, no
 * transactions.
 */
@Component(
    name = "weft.dcs.nats",
    service = Dcs.class,
    property = Dcs.BACKEND + "=nats",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NatsConfig.class)
public final class NatsDcs implements Dcs {

  private static final Capabilities CAPABILITIES =
      new Capabilities(false, true, false, Duration.ZERO, 0, Duration.ofSeconds(1), Duration.ofHours(1));
  private static final int THREADS = 6;
  private static final int NEWS_THREADS = 2;
  private static final Duration POLL = Duration.ofMillis(400);
  private static final Duration STORED_SOON = Duration.ofMillis(15);

  private final NatsLine line;
  private final NatsKeys keys;
  private final NatsWork work;
  private final NatsSessions sessions;
  private final NatsStatus status;
  private final PolledWatches watches;
  private final Clock clock;
  private final Timers timers;
  private final ThreadPoolExecutor workers = DcsThreads.create("dcs.nats", THREADS);
  private final ThreadPoolExecutor news = DcsThreads.create("dcs.nats-news", NEWS_THREADS);
  private final RenewedSessions open;
  private volatile Registration poll = () -> {};
  private volatile Registration soon = () -> {};
  private volatile boolean closed;

  @Activate
  public NatsDcs(
      NatsConfig config, @Reference Node node, @Reference Secrets secrets, @Reference Clock clock, @Reference Timers timers) {
    NatsOptions options = new NatsOptions(config, node, secrets);
    NatsSubjects subjects = new NatsSubjects(options.bucket());
    this.clock = clock;
    this.timers = timers;
    this.line = new NatsLine(options, subjects, this::hint);
    this.keys = new NatsKeys(line, subjects);
    this.work = new NatsWork(workers);
    this.watches = new PolledWatches((prefix, told) -> work.run(() -> keys.news(prefix, told)), news);
    this.sessions = new NatsSessions(work, keys, subjects, clock, timers);
    this.open = new RenewedSessions(sessions, clock, timers, news);
    this.status = new NatsStatus(line, options);
    poll();
  }

  @Deactivate
  void close() {
    closed = true;
    poll.close();
    soon.close();
    watches.close();
    sessions.close();
    open.stop().whenComplete((done, failure) -> {
      workers.shutdown();
      news.shutdown();
      Thread closing = new Thread(line::close, "weft-dcs.nats-close"); // waits for threads of the library, perhaps this one
      closing.setDaemon(true);
      closing.start();
    });
  }

  /** Hints come when a write is asked for, a little before it is stored. */
  private void hint() {
    if (!closed && !watches.isEmpty()) {
      watches.poke();
      soon.close();
      soon = timers.after(STORED_SOON, news, watches::poke);
    }
  }

  private void poll() {
    if (!closed) {
      watches.poke();
      poll = timers.after(POLL, news, this::poll);
    }
  }

  @Override
  public String backend() {
    return "nats";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return mode == ReadMode.LINEARIZABLE ? notServed() : work.read(() -> keys.get(key));
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return mode == ReadMode.LINEARIZABLE ? notServed() : work.read(() -> keys.list(prefix));
  }

  private static <T> CompletionStage<T> notServed() {
    return CompletableFuture.<T>failedFuture(
        new UnsupportedOperationException("nats: reads may be old here; use an expectation instead")).minimalCompletionStage();
  }

  @Override
  public CompletionStage<WriteResult> put(String key, byte[] value, Expect expect, @Nullable Session session) {
    DcsChecks.put(key, value);
    if (session != null && !session.isAlive()) {
      return CompletableFuture.completedStage(new WriteResult.SessionLost());
    }
    byte[] copy = value.clone();
    return work.write(() -> keys.put(key, copy, expect, session == null ? null : session.id()));
  }

  @Override
  public CompletionStage<WriteResult> delete(String key, Expect expect) {
    DcsChecks.delete(key, expect);
    return work.write(() -> keys.delete(key, expect));
  }

  @Override
  public CompletionStage<WriteResult> transact(List<Write> writes) {
    throw new UnsupportedOperationException("nats: there are no transactions");
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
    return NatsWork.unavailable(sessions.open(name, ttl).thenApply(id -> open.start(id, name, ttl, sent)));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, news);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return work.read(status::read);
  }
}
