package io.weft.path.ice;

import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.DatagramPort;
import io.weft.path.NatReport;
import io.weft.path.Path;
import io.weft.path.PathReport;
import io.weft.path.PathRequest;
import io.weft.path.RelayUse;
import io.weft.path.ice.check.Checker;
import io.weft.signaling.Signal;
import io.weft.signaling.Signaling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of this bundle that runs, from the first question on. Any thread. */
final class IceRuntime {

  private static final Logger log = LoggerFactory.getLogger(IceRuntime.class);
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final long NAMES_FRESH = Duration.ofMinutes(5).toNanos();
  private static final int NAT_SECONDS = 10;

  /** What it is made of. */
  record Parts(
      DatagramPort port, Clock clock, Timers timers, Node node, PeerIdentity self, Executor workers, Checker checker,
      RandomGenerator random) {}

  private final Parts parts;
  private final Core core;
  private final Executor loop;
  private final StunServers stun;
  private final NodeSurroundings surroundings;
  private final Sessions sessions;
  private final Supplier<List<ConfiguredServer>> servers;
  private final Registration receiving;
  private Registration looking = () -> {};
  private List<ConfiguredServer> lookedUp = List.of();
  private long lookedUpAt = Pair.NEVER;
  private boolean warm;
  private boolean closed;

  IceRuntime(Parts parts, Supplier<IceConfig> config, Supplier<@Nullable Signaling> signaling, Supplier<List<ConfiguredServer>> servers) {
    this.parts = parts;
    this.servers = servers;
    this.loop = parts.port.loop();
    IceCounters counters = new IceCounters();
    PortWire wire = new PortWire(parts.port);
    StunDesk desk = new StunDesk(wire, counters);
    this.core =
        new Core(parts.clock, parts.timers, loop, parts.random, parts.port, wire, desk, parts.checker, new Keepalive(), counters);
    this.stun = new StunServers(core);
    this.surroundings = new NodeSurroundings(core, parts.node, parts.workers, config, signaling, stun, this::moved);
    this.sessions = new Sessions(core, parts.self, surroundings);
    this.receiving = parts.port.receive(desk);
  }

  CompletableFuture<Path> find(PathRequest request) {
    CompletableFuture<Path> result = new CompletableFuture<>();
    loop.execute(() -> ready(() -> sessions.find(request.peer(), result)));
    return result;
  }

  void received(PeerIdentity from, Signal signal) {
    loop.execute(() -> ready(() -> sessions.received(from, signal)));
  }

  void stranger() {
    core.counters().add(IceCounters.SIGNALS_STRANGE);
  }

  /** Runs what waits for names to be looked up and classes to be loaded, the first time. On the loop. */
  private void ready(Runnable then) {
    if (closed) {
      then.run();
      return;
    }
    if (!warm) {
      warm = true;
      parts.checker.warmUp();
      lookLater();
    }
    List<ConfiguredServer> now = servers.get();
    boolean stale = !now.equals(lookedUp) || parts.clock.nanos() - lookedUpAt > NAMES_FRESH && !now.isEmpty();
    if (!stale) {
      then.run();
      return;
    }
    parts.workers.execute(() -> {
      Set<InetSocketAddress> found = addresses(now);
      loop.execute(() -> {
        lookedUp = now;
        lookedUpAt = parts.clock.nanos();
        stun.servers(found);
        then.run();
      });
    });
  }

  /** May block. */
  private static Set<InetSocketAddress> addresses(List<ConfiguredServer> servers) {
    Set<InetSocketAddress> found = new LinkedHashSet<>();
    for (ConfiguredServer server : servers) {
      ServerSpec spec = server.spec();
      if (spec != null && spec.transport() == ServerSpec.Transport.udp) {
        try {
          for (InetAddress address : InetAddress.getAllByName(spec.address().host())) {
            found.add(new InetSocketAddress(address, spec.address().port()));
          }
        } catch (UnknownHostException e) {
          log.warn("server not found url={}", server.url());
        }
      }
    }
    return found;
  }

  /** Looks now and then whether the addresses of the node changed, while there is somebody whom it matters for. */
  private void lookLater() {
    looking = parts.timers.after(LOOK, loop, () -> {
      if (sessions.isActive() && !surroundings.isLooking()) {
        surroundings.lookAgain();
      }
      lookLater();
    });
  }

  private void moved() {
    log.info("addresses of this node changed");
    sessions.moved();
  }

  Optional<PathReport> report(String peer) {
    return sessions.report(peer);
  }

  CompletableFuture<NatReport> nat() {
    CompletableFuture<NatReport> result = new CompletableFuture<>();
    loop.execute(() -> ready(() -> {
      surroundings.bases();
      stun.measure(mapped -> {}, () -> result.complete(stun.report()));
    }));
    return result.completeOnTimeout(new NatReport(io.weft.path.NatKind.unknown, List.of(), List.of()), NAT_SECONDS, TimeUnit.SECONDS);
  }

  List<RelayUse> relays() {
    return List.of();
  }

  IceCounters counters() {
    return core.counters();
  }

  void close() {
    receiving.close();
    CompletableFuture<Void> done = new CompletableFuture<>();
    loop.execute(() -> {
      closed = true;
      looking.close();
      sessions.close(Reason.of("stopped", "path.ice was stopped"));
      stun.close();
      done.complete(null);
    });
    done.orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> {
      log.warn("sessions not closed in time");
      return null;
    }).join();
  }
}
