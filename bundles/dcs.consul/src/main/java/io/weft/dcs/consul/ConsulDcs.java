package io.weft.dcs.consul;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsMember;
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
import io.weft.support.JsonReader;
import io.weft.support.dcs.DcsChecks;
import io.weft.support.dcs.DcsOfWrites;
import io.weft.support.dcs.DcsThreads;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.RenewedSessions;
import io.weft.support.http.HttpReply;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Keys as keys, modify indexes as revisions, sessions as sessions, locks as the keys that go with them. */
@Component(
    name = "weft.dcs.consul",
    service = Dcs.class,
    property = Dcs.BACKEND + "=consul",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ConsulConfig.class)
public final class ConsulDcs extends DcsOfWrites {

  private static final int THREADS = 4;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final Capabilities capabilities;
  private final ConsulServers servers;
  private final ConsulApi api;
  private final ConsulJson json;
  private final ConsulSessions sessions;
  private final Clock clock;
  private final Timers timers;
  private final ThreadPoolExecutor executor = DcsThreads.create("dcs.consul", THREADS);
  private final RenewedSessions open;
  private final Set<ConsulWatch> watches = ConcurrentHashMap.newKeySet();

  @Activate
  public ConsulDcs(
      ConsulConfig config, @Reference Node node, @Reference Secrets secrets, @Reference Clock clock, @Reference Timers timers) {
    Duration lockDelay = Duration.ofMillis(Math.min(60_000, Math.max(0, config.lock_delay_ms())));
    this.servers = ConsulServers.of(config, node, secrets, executor);
    this.api = servers.api();
    this.json = new ConsulJson(servers.prefix());
    this.sessions = new ConsulSessions(api, lockDelay);
    this.open = new RenewedSessions(sessions, clock, timers, executor);
    this.capabilities =
        new Capabilities(true, false, true, lockDelay, ConsulTxn.WRITES_MAX, Duration.ofSeconds(10), Duration.ofHours(1));
    this.clock = clock;
    this.timers = timers;
  }

  @Deactivate
  void close() {
    watches.forEach(ConsulWatch::close);
    open.stop().whenComplete((done, failure) -> executor.shutdown());
  }

  @Override
  public String backend() {
    return "consul";
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return ConsulApi.read(find(key, mode));
  }

  private CompletableFuture<Optional<Entry>> find(String key, ReadMode mode) {
    return api.get("/v1/kv/" + json.encode(key) + query(mode)).thenApply(reply -> entries(reply).stream().findFirst());
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return ConsulApi.read(api.get(listing(prefix) + query(mode).replace('?', '&'))
        .thenApply(reply -> new Snapshot(entries(reply), ConsulApi.index(reply))));
  }

  private String listing(String prefix) {
    return "/v1/kv/" + json.encode(prefix) + "?recurse";
  }

  private static String query(ReadMode mode) {
    return mode == ReadMode.LINEARIZABLE ? "?consistent" : "?stale";
  }

  private List<Entry> entries(HttpReply reply) {
    if (reply.status() == NOT_FOUND) {
      return List.of();
    }
    if (!reply.isOk()) {
      throw new CompletionException(ConsulApi.refusal(reply));
    }
    return json.entries(reply.text());
  }

  @Override
  protected CompletionStage<WriteResult> write(List<Write> writes) {
    return api.put("/v1/txn", ConsulTxn.request(json, servers.prefix(), writes))
        .thenCompose(reply -> written(writes, reply))
        .exceptionally(ConsulApi::failed)
        .minimalCompletionStage();
  }

  private CompletableFuture<WriteResult> written(List<Write> writes, HttpReply reply) {
    if (reply.isOk()) {
      return CompletableFuture.completedFuture(new WriteResult.Done(ConsulJson.newestIndex(reply.text())));
    }
    if (reply.status() == CONFLICT) {
      List<String> errors = ConsulJson.errors(reply.text());
      if (errors.stream().anyMatch(e -> e.contains("invalid session"))) {
        return CompletableFuture.completedFuture(new WriteResult.SessionLost());
      }
      if (errors.stream().anyMatch(e -> e.contains("lock delay"))) {
        return CompletableFuture.completedFuture(new WriteResult.Refused("consul: the key is within its lock delay"));
      }
      return find(inTheWay(writes, reply), ReadMode.STALE)
          .handle((entry, failure) -> new WriteResult.Conflict(failure == null ? entry : Optional.empty()));
    }
    boolean refused = reply.status() / 100 == 4 || reply.text().contains("No cluster leader");
    String reason = "consul: " + ConsulApi.refusal(reply).getMessage();
    return CompletableFuture.completedFuture(refused ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason));
  }

  /** Consul names the key in its message; where it does not, the first one is as good a hint. */
  private String inTheWay(List<Write> writes, HttpReply reply) {
    List<String> errors = ConsulJson.errors(reply.text());
    return writes.stream().map(Write::key)
        .filter(key -> errors.stream().anyMatch(e -> e.contains("\"" + json.encode(key) + "\"")))
        .findFirst().orElse(writes.get(0).key());
  }

  @Override
  public Registration watch(String prefix, long after, Watcher watcher) {
    DcsKeys.checkPrefix(prefix);
    ConsulWatch[] self = new ConsulWatch[1];
    ConsulWatch watch =
        new ConsulWatch(api, json, listing(prefix), watcher, timers, executor, () -> watches.remove(self[0]));
    self[0] = watch;
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public CompletionStage<Session> open(String name, Duration ttl) {
    DcsChecks.session(name, ttl, capabilities);
    long sent = clock.nanos();
    return ConsulApi.read(sessions.create(name, ttl).thenApply(id -> open.start(id, name, ttl, sent)));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, executor);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return ConsulApi.read(api.get("/v1/status/leader").thenCombine(api.get("/v1/status/peers"), this::status));
  }

  private DcsStatus status(HttpReply leader, HttpReply peers) {
    if (!leader.isOk() || !peers.isOk() || !(JsonReader.read(peers.text()) instanceof List<?> all)) {
      throw new CompletionException(ConsulApi.refusal(leader.isOk() ? peers : leader));
    }
    String leads = String.valueOf(JsonReader.read(leader.text()));
    List<DcsMember> members = all.stream().map(Objects::toString)
        .map(p -> new DcsMember(p, p.equals(leads) ? "leader" : "follower", -1, true)).toList();
    boolean led = !leads.isEmpty();
    String detail = "Consul, " + members.size() + " servers, " + (led ? "led by " + leads : "no leader");
    return new DcsStatus(led ? DcsStatus.State.SERVING : DcsStatus.State.WAITING, detail,
        led ? Optional.of(leads) : Optional.empty(), 0, members, Optional.of(members.size()), Optional.empty(),
        Optional.of(servers.hasToken()), Optional.of(servers.isEncrypted()));
  }
}
