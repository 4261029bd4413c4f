package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.directory.Peer;
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
import io.weft.path.ice.turn.Allocation;
import io.weft.path.ice.turn.TurnClient;
import io.weft.secret.Secrets;
import io.weft.signaling.Signal;
import io.weft.signaling.Signaling;
import io.weft.transport.Io;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything of this bundle that runs, from the first question on. Any thread. */
final class IceRuntime {

  private static final Logger log = LoggerFactory.getLogger(IceRuntime.class);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final long NAMES_FRESH = Duration.ofMinutes(5).toNanos();
  private static final long PROBLEM_FRESH = Duration.ofSeconds(5).toNanos();
  /** After a start there is other work for a while; then it is the time to load what the first attempt would wait for. */
  private static final Duration WARM_AFTER = Duration.ofSeconds(1);

  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(4);
  private static final int NAT_SECONDS = 10;
  private static final int RELAYS_SECONDS = 9;

  /** What it is made of. */
  record Parts(
      DatagramPort port, Io io, Clock clock, Timers timers, Node node, PeerIdentity self, Executor workers, Checker checker,
      RandomGenerator random) {}

  /** What comes and goes. Any thread. */
  interface Around {

    IceConfig config();

    @Nullable Signaling signaling();

    List<ConfiguredServer> servers();

    @Nullable Secrets secrets();

    List<Peer> peers();

    /** Labels that peers say of themselves, by name. */
    Map<String, Map<String, String>> said();
  }

  private final Parts parts;
  private final Core core;
  private final Executor loop;
  private final StunServers stun;
  private final NodeSurroundings surroundings;
  private final Sessions sessions;
  private final Around around;
  private final TurnClient turn;
  private final Relays relays;
  private final Registration receiving;
  private Registration looking = () -> {};
  private List<ConfiguredServer> lookedUp = List.of();
  private List<RelayOffer> offered = List.of();
  private volatile List<RelayUse> uses = List.of();
  private long lookedUpAt = Pair.NEVER;
  private boolean allFound = true;
  private boolean warm;
  private boolean closed;

  IceRuntime(Parts parts, Around around) {
    this.parts = parts;
    this.around = around;
    this.loop = parts.port.loop();
    IceCounters counters = new IceCounters();
    PortWire wire = new PortWire(parts.port);
    StunDesk desk = new StunDesk(wire, counters);
    this.core =
        new Core(parts.clock, parts.timers, loop, parts.random, parts.port, wire, desk, parts.checker, new Keepalive(), counters);
    this.stun = new StunServers(core);
    this.turn = new TurnClient(parts.port, parts.io, parts.clock, parts.timers, parts.random, this::relayedCheck);
    this.relays = new Relays(core, turn::allocate, this::relaysChanged);
    this.surroundings = new NodeSurroundings(core, parts.node, parts.workers, around, stun, relays, this::moved);
    this.sessions = new Sessions(core, parts.self, surroundings);
    this.receiving = parts.port.receive(desk);
  }

  CompletableFuture<Path> find(PathRequest request) {
    CompletableFuture<Path> result = new CompletableFuture<>();
    loop.execute(() -> ready(() -> sessions.find(request.peer(), result)));
    if (!request.candidates().isEmpty()) {
      // The peer may be reached without us, by an address that is known: nobody should wait long for its answer.
      parts.timers.after(ANSWER_LIMIT, loop, () -> sessions.giveUpUnanswered(request.peer(), result));
    }
    return result;
  }

  void received(PeerIdentity from, Signal signal) {
    loop.execute(() -> ready(() -> sessions.received(from, signal)));
  }

  /** There is somebody to exchange notes with, so attempts are likely. */
  void prepare() {
    parts.timers.after(WARM_AFTER, loop, () -> {
      Signaling now = around.signaling();
      if (now != null && !now.brokers().isEmpty()) {
        warmUp();
      }
    });
  }

  private void warmUp() {
    if (!warm && !closed) {
      warm = true;
      parts.checker.warmUp();
      lookLater();
    }
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
    warmUp();
    boolean old = parts.clock.nanos() - lookedUpAt > (allFound ? NAMES_FRESH : PROBLEM_FRESH);
    List<RelayOffer> offers = offers();
    if (old || !around.servers().equals(lookedUp) || !offers.equals(offered)) {
      lookUp(around.servers(), offers, then);
    } else {
      then.run();
    }
  }

  private List<RelayOffer> offers() {
    return RelayOffer.of(around.peers(), around.config().relays_of_peers() ? around.said() : Map.of(), surroundings.filter());
  }

  private void lookUp(List<ConfiguredServer> now, List<RelayOffer> offers, Runnable then) {
    parts.workers.execute(() -> {
      RelayChoice found = RelayChoice.of(now, offers, around.secrets(), parts.self.name());
      loop.execute(() -> {
        if (closed) {
          then.run();
          return;
        }
        lookedUp = now;
        offered = offers;
        lookedUpAt = parts.clock.nanos();
        allFound = found.relays().stream().allMatch(relay -> relay.problem().isEmpty());
        stun.servers(found.stun());
        relays.choose(found.relays(), around.config().prefer_area() ? parts.node.labels().getOrDefault("area", "") : "");
        uses = relays.uses(sessions::uses);
        then.run();
      });
    });
  }

  private void relayedCheck(ByteBuf packet, InetSocketAddress from, Allocation through) {
    relays.check(core.desk(), packet, from, through);
  }

  private void relaysChanged() {
    if (!closed) {
      sessions.relaysChanged();
    }
  }

  /** Looks now and then whether the addresses of the node changed, while there is somebody whom it matters for. */
  private void lookLater() {
    looking = parts.timers.after(LOOK, loop, () -> {
      lookAtServers();
      if (!sessions.isActive()) {
        relays.rest();
      } else if (!surroundings.isLooking()) {
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

  /** Servers may come and go while nobody looks for a path. On the loop. */
  private void lookAtServers() {
    uses = relays.uses(sessions::uses);
    List<RelayOffer> offers = offers();
    if (!around.servers().equals(lookedUp) || !offers.equals(offered)) {
      lookUp(around.servers(), offers, () -> {});
    }
  }

  /** A few seconds old. */
  List<RelayUse> relays() {
    loop.execute(() -> {
      if (!closed) {
        lookAtServers();
      }
    });
    return uses;
  }

  /** Asks those that lend nothing now. */
  CompletableFuture<List<RelayUse>> askRelays() {
    CompletableFuture<List<RelayUse>> result = new CompletableFuture<>();
    loop.execute(() -> ready(() -> relays.ask(sessions::uses).thenAccept(result::complete)));
    return result.completeOnTimeout(uses, RELAYS_SECONDS, TimeUnit.SECONDS);
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
      relays.close();
      turn.close();
      done.complete(null);
    });
    done.orTimeout(5, TimeUnit.SECONDS).exceptionally(late -> {
      log.warn("sessions not closed in time");
      return null;
    }).join();
  }
}
