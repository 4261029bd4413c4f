package io.weft.dcs.etcd;

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
import io.weft.support.dcs.DcsThreads;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.RenewedSessions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadPoolExecutor;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Keys of etcd as keys, leases as sessions, revisions as they are. */
@Component(
    name = "weft.dcs.etcd",
    service = Dcs.class,
    property = Dcs.BACKEND + "=etcd",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EtcdConfig.class)
public final class EtcdDcs extends DcsOfWrites {

  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, true, Duration.ZERO, 64, Duration.ofSeconds(2), Duration.ofHours(1));
  private static final int THREADS = 4;

  private final EtcdApi api;
  private final EtcdJson json;
  private final EtcdStatus status;
  private final Clock clock;
  private final Timers timers;
  private final ThreadPoolExecutor executor = DcsThreads.create("dcs.etcd", THREADS);
  private final EtcdLeases leases;
  private final RenewedSessions sessions;
  private final Set<EtcdWatch> watches = ConcurrentHashMap.newKeySet();

  @Activate
  public EtcdDcs(
      EtcdConfig config, @Reference Node node, @Reference Secrets secrets, @Reference Clock clock, @Reference Timers timers) {
    EtcdServers servers = EtcdServers.of(config, node, secrets, executor);
    this.api = servers.api();
    this.json = new EtcdJson(servers.prefix());
    this.status = new EtcdStatus(servers);
    this.leases = new EtcdLeases(api);
    this.sessions = new RenewedSessions(leases, clock, timers, executor);
    this.clock = clock;
    this.timers = timers;
  }

  @Deactivate
  void close() {
    watches.forEach(EtcdWatch::close);
    sessions.stop().whenComplete((done, failure) -> executor.shutdown());
  }

  @Override
  public String backend() {
    return "etcd";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    Map<String, Object> request = Map.of("key", json.encodeKey(key), "serializable", mode == ReadMode.STALE);
    return EtcdApi.read(api.call("/v3/kv/range", request).thenApply(answer -> json.entries(answer).stream().findFirst()));
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    Map<String, Object> request = Map.of("key", json.encodeKey(prefix), "range_end", json.encodeRangeEnd(prefix),
        "serializable", mode == ReadMode.STALE);
    return EtcdApi.read(
        api.call("/v3/kv/range", request).thenApply(answer -> new Snapshot(json.entries(answer), EtcdJson.revision(answer))));
  }

  @Override
  protected CompletionStage<WriteResult> write(List<Write> writes) {
    return api.call("/v3/kv/txn", new EtcdTxn(json, writes).request())
        .thenApply(answer -> EtcdTxn.result(json, writes, answer))
        .exceptionally(EtcdApi::failed)
        .minimalCompletionStage();
  }

  @Override
  public Registration watch(String prefix, long after, Watcher watcher) {
    DcsKeys.checkPrefix(prefix);
    EtcdWatch[] self = new EtcdWatch[1];
    EtcdWatch watch = new EtcdWatch(api, json, prefix, after, () -> list(prefix, ReadMode.LINEARIZABLE), watcher, timers,
        executor,
        () -> watches.remove(self[0]));
    self[0] = watch;
    watches.add(watch);
    watch.start();
    return watch;
  }

  @Override
  public CompletionStage<Session> open(String name, Duration ttl) {
    DcsChecks.session(name, ttl, CAPABILITIES);
    long sent = clock.nanos();
    return EtcdApi.read(leases.grant(ttl).thenApply(id -> sessions.start(id, name, ttl, sent)));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, executor);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return status.read();
  }
}
