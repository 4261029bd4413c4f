package io.weft.relay.server;

import io.netty.channel.EventLoop;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthResult;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.DatagramPort;
import io.weft.relay.RelayServer;
import io.weft.relay.RelayStatus;
import io.weft.secret.Secrets;
import io.weft.support.Backoff;
import io.weft.support.Causes;
import io.weft.transport.Io;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the relay of this node running as configured, and tells about it. What changes is done on one loop. */
@Component(
    name = "weft.relay",
    immediate = true,
    service = {RelayServer.class, HealthCheck.class, ListenerSource.class})
@Designate(ocd = RelayConfig.class)
public final class TurnRelay implements RelayServer, HealthCheck, ListenerSource {

  private static final Logger log = LoggerFactory.getLogger(TurnRelay.class);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);
  private static final long CLOSE_SECONDS = 5;

  private final Io io;
  private final Path home;
  private final Secrets secrets;
  private final Clock clock;
  private final Timers timers;
  private final EventLoop loop;
  private final SecureRandom random = new SecureRandom();
  private final Counters counters = new Counters();
  private final Backoff backoff;
  private volatile RelayConfig config;
  private volatile Limits limits;
  private volatile @Nullable PeerPolicy policy;
  private volatile @Nullable BoundRelay relay;
  private volatile String problem = "";
  private @Nullable BoundRelay starting;
  private Registration retry = () -> {};
  private int generation;

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  private volatile @Nullable DatagramPort port;

  @Activate
  public TurnRelay(
      RelayConfig config,
      @Reference Io io,
      @Reference Node node,
      @Reference Secrets secrets,
      @Reference Clock clock,
      @Reference Timers timers) {
    this.config = config;
    this.limits = Limits.of(config);
    this.io = io;
    this.home = node.home();
    this.secrets = secrets;
    this.clock = clock;
    this.timers = timers;
    this.loop = io.loops().next();
    this.backoff = new Backoff(FIRST_RETRY, LAST_RETRY, random);
    loop.execute(this::restart);
  }

  /** Only where it listens and what it lends is worth the allocations that there are. */
  @Modified
  void modified(RelayConfig changed) {
    RelayConfig before = config;
    config = changed;
    limits = Limits.of(changed);
    loop.execute(Plan.identity(changed).equals(Plan.identity(before)) ? this::renew : this::restart);
  }

  private void restart() {
    problem = "";
    backoff.reset();
    int mine = next();
    stop().whenComplete((done, failure) -> loop.execute(() -> fetch(mine)));
  }

  private void renew() {
    backoff.reset();
    fetch(next());
  }

  private CompletableFuture<Void> stop() {
    BoundRelay old = relay != null ? relay : starting;
    relay = null;
    starting = null;
    return old == null ? CompletableFuture.completedFuture(null) : old.close();
  }

  private int next() {
    retry.close();
    return ++generation;
  }

  /** On a thread of its own for as long as that takes, because secrets may come from far. */
  private void fetch(int mine) {
    if (mine != generation || config.listen().isBlank()) {
      return;
    }
    RelayConfig now = config;
    Thread thread = new Thread(() -> {
      try {
        Material material = Material.fetch(now, secrets, home);
        onLoop(() -> fetched(mine, now, material));
      } catch (Material.Missing | RuntimeException e) {
        onLoop(() -> failed(mine, e.getMessage() == null ? e.toString() : e.getMessage()));
      }
    }, "weft-relay-secrets");
    thread.setDaemon(true);
    thread.start();
  }

  /** Unless the loops were stopped meanwhile, and the node with them. */
  private void onLoop(Runnable task) {
    if (!loop.isShuttingDown()) {
      loop.execute(task);
    }
  }

  private void fetched(int mine, RelayConfig now, Material material) {
    if (mine != generation) {
      return;
    }
    try {
      policy = PeerPolicy.of(now, material.own());
      BoundRelay there = relay;
      if (there == null) {
        Plan plan = Plan.of(now, material.own());
        bind(mine, new BoundRelay(core(plan), plan, loop, material.tls()), material);
      } else {
        there.core().gate().secrets(material.secrets());
        there.core().meter().limit(limits.bytesPerSecond());
        problem = "";
      }
    } catch (IllegalArgumentException e) {
      // Trying again would change nothing: it waits for the file to be edited.
      problem = e.getMessage();
      log.error("relay not started: {}", problem);
    }
  }

  private Core core(Plan plan) {
    long now = clock.nanos();
    PortRange range = plan.range();
    return new Core(
        io, clock, timers, random, counters, new Gate(plan.realm(), clock, random), new Quotas(), range,
        new Reservations(range, timers, random), plan.bind(), plan.external(),
        () -> limits, () -> policy, this::fabric, Core.noneLent(), new Load(now), new Meter(limits.bytesPerSecond(), now), new Strangers(now));
  }

  private List<InetSocketAddress> fabric() {
    DatagramPort there = port;
    return there == null ? List.of() : there.local();
  }

  private void bind(int mine, BoundRelay next, Material material) {
    next.core().gate().secrets(material.secrets());
    starting = next;
    next.bind().whenComplete((done, failure) -> loop.execute(() -> {
      if (failure != null || mine != generation) {
        next.close();
      }
      if (mine != generation) {
        return;
      }
      starting = null;
      if (failure != null) {
        counters.add(Count.BIND_FAILURES);
        Throwable cause = Causes.of(failure);
        failed(mine, cause.getMessage() + "; free it or change section relay");
        return;
      }
      relay = next;
      problem = "";
      backoff.reset();
      log.info("relay started listen={} lends={} ports={}", Text.of(next.plan().listen()), next.plan().external().getHostAddress(), next.plan().ports());
    }));
  }

  private void failed(int mine, String message) {
    if (mine != generation) {
      return;
    }
    if (!message.equals(problem)) {
      log.warn("relay not started: {}; trying again", message);
    }
    problem = message;
    retry = timers.after(backoff.next(), loop, () -> fetch(mine));
  }

  @Override
  public RelayStatus status() {
    BoundRelay there = relay;
    if (there == null) {
      return new RelayStatus(List.of(), "", "", limits.allocationsMax(), List.of(), 0, counters.snapshot(), problem);
    }
    return new RelayStatus(
        there.listeners().stream().map(l -> l.address() + "/" + (l.role().equals("relay") ? l.protocol() : "tls")).toList(),
        there.plan().external().getHostAddress(),
        there.plan().realm(),
        limits.allocationsMax(),
        there.allocations(),
        there.core().load().perSecond(clock.nanos()),
        counters.snapshot(),
        problem);
  }

  Map<String, Long> counters() {
    return counters.snapshot();
  }

  @Override
  public List<Listener> listeners() {
    BoundRelay there = relay;
    return there == null ? List.of() : there.listeners();
  }

  @Override
  public List<HealthResult> check() {
    RelayConfig now = config;
    return now.listen().isBlank() ? List.of() : RelayHealth.check(now, status());
  }

  @Deactivate
  void close() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    loop.execute(() -> {
      next();
      stop().whenComplete((done, failure) -> closed.complete(null));
    });
    if (loop.inEventLoop()) {
      return;
    }
    try {
      closed.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("relay did not close within {} s", CLOSE_SECONDS);
    }
  }
}
