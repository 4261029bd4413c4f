package io.weft.coordination.engine;

import io.weft.coordination.Lease;
import io.weft.coordination.LeaseHolder;
import io.weft.coordination.LeaseInfo;
import io.weft.coordination.Leases;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import io.weft.node.Names;
import io.weft.node.Reason;
import io.weft.node.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Leases as elections of the DCS. */
@Component(name = "weft.coordination.leases", service = Leases.class)
public final class DcsLeases implements Leases, AutoCloseable {

  static final String ELECTIONS = "leases/";
  private static final String KEYS = "_elections/leases/";
  private static final String KEY_END = "/leader";

  private final Parts parts;
  private final Map<Long, HeldLease> mine = new ConcurrentHashMap<>();
  private final Set<Contender> contenders = ConcurrentHashMap.newKeySet();

  @Activate
  public DcsLeases(@Reference Coordination core) {
    this(core.parts());
  }

  DcsLeases(Parts parts) {
    this.parts = parts;
  }

  @Override
  public CompletableFuture<Lease> acquire(String name, Duration ttl) {
    CompletableFuture<Lease> result = new CompletableFuture<>();
    Registration[] contender = new Registration[1];
    contender[0] = contend(name, ttl, new LeaseHolder() {
      @Override
      public void gained(Lease lease) {
        if (!result.complete(lease) && result.isCancelled()) {
          contender[0].close();
        }
      }

      @Override
      public void lost(Lease lease, Reason reason) {
        contender[0].close(); // once is what was asked for
      }
    });
    result.whenComplete((lease, failure) -> {
      if (failure != null) {
        contender[0].close();
      }
    });
    return result;
  }

  @Override
  public Registration contend(String name, Duration ttl, LeaseHolder holder) {
    checkName(name);
    Contender[] self = new Contender[1];
    self[0] = new Contender(name, ttl, parts, new Contender.Listener() {
      @Override
      public void gained(HeldLease lease) {
        mine.put(lease.token(), lease);
        holder.gained(lease);
      }

      @Override
      public void lost(HeldLease lease, Reason reason) {
        mine.remove(lease.token());
        holder.lost(lease, reason);
      }
    });
    contenders.add(self[0]);
    self[0].start();
    return () -> {
      contenders.remove(self[0]);
      self[0].close();
    };
  }

  @Override
  public CompletionStage<List<LeaseInfo>> list() {
    return parts.dcs().ask(dcs -> dcs.list(KEYS, CurrentDcs.freshest(dcs)))
        .thenApply(snapshot -> snapshot.entries().stream().flatMap(e -> info(e).stream()).toList());
  }

  @Override
  public CompletionStage<Optional<LeaseInfo>> show(String name) {
    checkName(name);
    return parts.dcs().ask(dcs -> dcs.get(KEYS + name + KEY_END, CurrentDcs.freshest(dcs))).thenApply(e -> e.flatMap(this::info));
  }

  @Override
  public CompletionStage<WriteResult> release(String name, long token) {
    checkName(name);
    return parts.dcs().ask(dcs -> dcs.delete(KEYS + name + KEY_END, Expect.revision(token)));
  }

  private Optional<LeaseInfo> info(Entry entry) {
    String key = entry.key();
    if (!key.startsWith(KEYS) || !key.endsWith(KEY_END) || key.length() <= KEYS.length() + KEY_END.length()) {
      return Optional.empty();
    }
    String name = key.substring(KEYS.length(), key.length() - KEY_END.length());
    Optional<Duration> remaining = Optional.ofNullable(mine.get(entry.revision())).map(HeldLease::remaining);
    return LeaseValue.read(entry.text()).map(v -> new LeaseInfo(name, v.owner(), entry.revision(), v.since(), v.ttl(),
        remaining));
  }

  private static void checkName(String name) {
    for (String part : name.split("/", -1)) {
      Names.check("lease name", part);
    }
  }

  @Deactivate
  @Override
  public void close() {
    contenders.forEach(Contender::close);
    contenders.clear();
  }
}
