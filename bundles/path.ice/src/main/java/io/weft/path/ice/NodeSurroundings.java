package io.weft.path.ice;

import io.weft.node.Node;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.ice.IceRuntime.Around;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.signaling.Signaling;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** This node, as its sessions see it. On the loop only, unless said otherwise. */
final class NodeSurroundings implements Surroundings {

  private static final Set<String> UNHEARD = Set.of("no_answer", "no_signal");
  private static final int RELAY_PREFERENCE = 65_535;
  private static final long SUSPECT_LEAST = Duration.ofSeconds(1).toNanos();

  private final Core core;
  private final Node node;
  private final Executor workers;
  private final Around around;
  private final StunServers stun;
  private final Relays relays;
  private final Runnable moved;
  private OwnAddresses own = OwnAddresses.NONE;
  private boolean looking;
  private long suspected = Pair.NEVER;
  private List<RemoteAddress> seen = List.of();

  /** @param moved runs when the addresses of the node changed */
  NodeSurroundings(
      Core core, Node node, Executor workers, Around around, StunServers stun, Relays relays, Runnable moved) {
    this.core = core;
    this.node = node;
    this.workers = workers;
    this.around = around;
    this.stun = stun;
    this.relays = relays;
    this.moved = moved;
  }

  @Override
  public Map<String, String> labels() {
    return node.labels();
  }

  @Override
  public Policy policy(PeerIdentity peer) {
    IceConfig now = around.config();
    if (List.of(now.relay_only_peers()).contains(peer.name())) {
      return Policy.relay_only;
    }
    return List.of(now.direct_only_peers()).contains(peer.name()) ? Policy.direct_only : now.policy();
  }

  @Override
  public CandidateFilter filter() {
    return new CandidateFilter(around.config().allow_loopback(), around.config().private_addresses());
  }

  @Override
  public Set<InetSocketAddress> own() {
    return own.all();
  }

  @Override
  public boolean canSignal(PeerIdentity peer) {
    Signaling now = around.signaling();
    return now != null && now.reaches(peer);
  }

  @Override
  public CompletableFuture<String> send(PeerIdentity peer, Signal signal) {
    Signaling now = around.signaling();
    return now == null
        ? CompletableFuture.failedFuture(new SignalNotSent(Reason.of("no_broker", "signaling is not there")))
        : now.send(peer, signal);
  }

  @Override
  public List<Base> bases() {
    if (own.hosts().isEmpty()) {
      set(look());
    }
    return own.bases();
  }

  @Override
  public List<RemoteAddress> mapped() {
    return stun.mapped();
  }

  @Override
  public Set<InetSocketAddress> stunServers() {
    return stun.servers();
  }

  private OwnAddresses look() {
    return OwnAddresses.of(core.port().local(), around.config().allow_loopback());
  }

  private void set(OwnAddresses next) {
    OwnAddresses before = own;
    own = next;
    stun.hosts(next.hosts());
    if (!before.equals(OwnAddresses.NONE) && !before.hosts().equals(next.hosts())) {
      relays.moved();
      renewSignaling();
      moved.run();
    }
  }

  /** A NAT that was rebound, or a cable that was moved, leaves a node with relays and brokers that know it by another address. */
  @Override
  public void suspect() {
    long now = core.clock().nanos();
    if (now - suspected < SUSPECT_LEAST) {
      return;
    }
    suspected = now;
    relays.probe();
    renewSignaling();
    if (!looking) {
      lookAgain();
    }
  }

  /** A NAT that shows this node under another address than before has forgotten its relays and connections too. */
  private void noticeMapping() {
    List<RemoteAddress> before = seen;
    seen = stun.mapped();
    if (!before.isEmpty() && !seen.isEmpty() && !before.equals(seen)) {
      suspect();
    }
  }

  private void renewSignaling() {
    Signaling now = around.signaling();
    if (now != null) {
      now.renew();
    }
  }

  /** Looks at the network cards again, beside the loop. */
  void lookAgain() {
    look(() -> {});
  }

  private void look(Runnable then) {
    looking = true;
    workers.execute(() -> {
      OwnAddresses found = look();
      core.loop().execute(() -> {
        looking = false;
        set(found);
        then.run();
      });
    });
  }

  boolean isLooking() {
    return looking;
  }

  @Override
  public void gather(boolean direct, boolean relayed, Consumer<List<RemoteAddress>> found, Consumer<Wire> relay, Runnable done) {
    if (relayed) {
      relays.gather(wire -> {
        relay.accept(wire);
        InetSocketAddress lent = ((RelayWire) wire).allocation().relayed();
        found.accept(List.of(new RemoteAddress(CandidateKind.relay, lent, Ice.priority(CandidateKind.relay, RELAY_PREFERENCE))));
      });
    }
    if (!direct) {
      done.run();
      return;
    }
    look(() -> {
      if (!own.hosts().isEmpty()) {
        found.accept(own.candidates());
      }
      stun.measure(mapped -> found.accept(List.of(mapped)), () -> {
        done.run();
        noticeMapping();
      });
    });
  }

  @Override
  public NatKind nat() {
    return stun.kind();
  }

  @Override
  public String cause(Policy policy, NatKind theirs) {
    return Advice.cause(policy, stun.kind(), theirs, relays.count(), relays.refusal());
  }

  @Override
  public String advice(String cause) {
    return clockAdvice(cause).orElseGet(() -> Advice.of(cause));
  }

  /** A broker that refuses this node for its clock is why nobody answers. */
  private Optional<String> clockAdvice(String cause) {
    Signaling now = around.signaling();
    if (now == null || !UNHEARD.contains(cause)) {
      return Optional.empty();
    }
    return now.brokers().stream()
        .filter(broker -> broker.problem() != null && broker.problem().code().equals("clock_skew"))
        .findFirst()
        .map(broker -> "The broker " + broker.url() + " refuses this node, since the clocks differ: let both machines set them by NTP.");
  }
}
