package io.weft.dcs.raft;

import io.weft.channel.Fabric;
import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsMembers;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.dcs.raft.member.Calls;
import io.weft.dcs.raft.member.Contacts;
import io.weft.dcs.raft.member.Management;
import io.weft.dcs.raft.member.MemberLife;
import io.weft.dcs.raft.member.Router;
import io.weft.dcs.raft.member.Service;
import io.weft.dcs.raft.member.Settings;
import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Command;
import io.weft.dcs.raft.state.Op;
import io.weft.dcs.raft.state.Outcome;
import io.weft.dcs.raft.state.Query;
import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.Door;
import io.weft.dcs.raft.wire.Lines;
import io.weft.node.Clock;
import io.weft.node.Names;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Causes;
import io.weft.support.dcs.DcsChecks;
import io.weft.support.dcs.DcsOfWrites;
import io.weft.support.dcs.DcsThreads;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.RenewedSessions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store that nodes of the fabric keep among themselves. The same on a member and on a node that only uses it. */
@Component(
    name = "weft.dcs.raft",
    service = {Dcs.class, DcsMembers.class},
    property = Dcs.BACKEND + "=raft",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = RaftConfig.class)
public final class RaftDcs extends DcsOfWrites implements DcsMembers {

  private static final Logger log = LoggerFactory.getLogger(RaftDcs.class);
  private static final String SERVICE = "weft-raft";

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, true, Duration.ZERO, Codec.OPS_MAX, Duration.ofSeconds(1), Duration.ofHours(1));
  private static final int THREADS = 4;
  private static final int MEMBER_THREADS = 8;
  private static final Duration EXPIRE = Duration.ofMillis(100);
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private final Duration timeout;
  private final Clock clock;
  private final Timers timers;
  private final ThreadPoolExecutor pool = DcsThreads.create("dcs.raft", THREADS);
  private final ThreadPoolExecutor memberPool = DcsThreads.create("dcs.raft-member", MEMBER_THREADS);
  private final ThreadPoolExecutor lifePool = DcsThreads.create("dcs.raft-life", 1);
  private final Executor executor = task -> orHere(pool, task);
  private final Lines lines;
  private final MemberLife life;
  private final Service service;
  private final Door door;
  private final Router router;
  private final Management management;
  private final RenewedSessions sessions;
  private final RaftWatches watches;
  private volatile Registration expireTimer = () -> {};
  private volatile boolean closed;

  @Activate
  public RaftDcs(
      RaftConfig config, @Reference Fabric fabric, @Reference Node node, @Reference Clock clock, @Reference Timers timers) {
    List<String> members =
        Arrays.stream(config.members()).map(name -> Names.check("member of dcs.raft", name)).distinct().toList();
    if (members.isEmpty()) {
      throw new IllegalArgumentException("dcs.raft.members is empty: name the nodes that keep the store, such as [a, b, c]");
    }
    Settings settings = new Settings(Duration.ofMillis(config.election_timeout_ms()), config.read_lease(),
        config.snapshot_after(), (long) config.store_max_mb() << 20);
    this.timeout = Duration.ofMillis(config.timeout_ms());
    this.clock = clock;
    this.timers = timers;
    this.lines = new Lines(SERVICE, fabric, clock, timers, executor);
    Contacts contacts = new Contacts(node.name(), members, lines);
    this.life = new MemberLife(node.fabric(), contacts, node.home().resolve("data").resolve("dcs.raft"), settings, lines, clock,
        timers, task -> orHere(lifePool, task), this::changed);
    this.service = new Service(life, timers, executor);
    this.router = new Router(contacts, life, service, lines, clock, timers, executor);
    this.management = new Management(contacts, life, router, executor);
    this.watches = new RaftWatches(router, life, timeout, this::readAll, timers, executor);
    this.sessions = new RenewedSessions(new RaftSessions(router, timeout), clock, timers, executor);
    this.door = new Door(SERVICE, fabric, service, task -> orHere(memberPool, task));
    life.start();
    expire();
  }

  /** What a pool does not take any more, because it is stopped, is done by who brings it. */
  private static void orHere(Executor pool, Runnable task) {
    try {
      pool.execute(task);
    } catch (RejectedExecutionException e) {
      task.run();
    }
  }

  @Deactivate
  void close() {
    closed = true;
    expireTimer.close();
    watches.close();
    endSessions();
    door.close();
    lines.close(); // nothing that waits for another node holds up what follows
    life.close();
    lifePool.shutdown();
    memberPool.shutdown();
    pool.shutdown();
  }

  /** While the store can still be reached; if it cannot, the TTL does it. */
  private void endSessions() {
    try {
      sessions.stop().get(END_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("sessions not ended problem=\"{}\"", e.toString());
    }
  }

  private void changed() {
    if (!closed && service != null && watches != null) { // the first news may come before all is made
      service.changed();
      router.changed();
      watches.poke();
    }
  }

  private void expire() {
    if (!closed) {
      service.expireSessions();
      expireTimer = timers.after(EXPIRE, executor, this::expire);
    }
  }

  @Override
  public String backend() {
    return "raft";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return unavailable(ask(new Query.Get(key), mode).thenApply(Codec::entry));
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return unavailable(ask(new Query.Everything(prefix), mode).thenApply(Codec::snapshot));
  }

  private CompletableFuture<Snapshot> readAll(String prefix) {
    return ask(new Query.Everything(prefix), ReadMode.LINEARIZABLE).thenApply(Codec::snapshot);
  }

  private CompletableFuture<byte[]> ask(Query query, ReadMode mode) {
    byte[] bytes = Codec.encode(query);
    return mode == ReadMode.STALE ? router.stale(bytes, timeout) : router.read(Calls.READ, bytes, timeout);
  }

  @Override
  protected CompletionStage<WriteResult> write(List<Write> writes) {
    byte[] command = Codec.encode(new Command.Put(writes.stream().map(Op::of).toList()));
    return router.write(Calls.SUBMIT, command, timeout)
        .thenApply(answer -> Codec.outcome(answer).asResult())
        .exceptionally(RaftDcs::failed)
        .minimalCompletionStage();
  }

  private static WriteResult failed(Throwable failure) {
    Throwable cause = Causes.of(failure);
    if (cause instanceof CallFailed f) {
      String reason = "raft: " + f.getMessage();
      return f.isHarmless() ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason);
    }
    throw new CompletionException(cause);
  }

  private static <T> CompletionStage<T> unavailable(CompletableFuture<T> read) {
    CompletableFuture<T> result = new CompletableFuture<>();
    read.whenComplete((value, failure) -> {
      if (failure == null) {
        result.complete(value);
      } else {
        result.completeExceptionally(new DcsUnavailable("raft: " + Causes.of(failure).getMessage(), Causes.of(failure)));
      }
    });
    return result.minimalCompletionStage();
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
    byte[] command = Codec.encode(new Command.Open(name, ttl.toMillis()));
    return unavailable(router.write(Calls.SUBMIT, command, timeout).thenApply(answer -> {
      if (Codec.outcome(answer) instanceof Outcome.Opened opened) {
        return sessions.start(opened.session(), name, ttl, sent);
      }
      throw new IllegalStateException("a session was not opened: " + Codec.outcome(answer));
    }));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, executor);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return management.status();
  }

  @Override
  public CompletionStage<Void> add(String node) {
    return unavailable(management.add(Names.check("node", node)));
  }

  @Override
  public CompletionStage<Void> remove(String node) {
    return unavailable(management.remove(Names.check("node", node)));
  }

  @Override
  public CompletionStage<Void> transfer(String node) {
    return unavailable(management.transfer(Names.check("node", node)));
  }

  @Override
  public CompletionStage<Void> compact() {
    return unavailable(management.compact());
  }
}
