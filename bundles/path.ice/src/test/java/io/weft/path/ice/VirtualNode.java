package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.Path;
import io.weft.path.PathType;
import io.weft.path.ice.CandidateFilter.PrivateAddresses;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.ManualTime;
import io.weft.testkit.network.VirtualHost;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The sessions of one node on a virtual network, with signals that take a while. */
final class VirtualNode implements Surroundings {

  static final int PORT = 7450;
  private static final Duration SIGNAL_DELAY = Duration.ofMillis(50);

  final VirtualHost host;
  final VirtualPort port;
  final PeerIdentity self;
  final Sessions sessions;
  final StunDesk desk;
  final VirtualChecker checker;
  final IceCounters counters = new IceCounters();
  private final ManualTime time;
  private final VirtualHub hub;
  private final StunServers stun;
  private final VirtualHub.LentWire relay;
  private boolean relayed = true;
  private VirtualNode peer;
  private CompletableFuture<Path> path = new CompletableFuture<>();

  VirtualNode(String name, ManualTime time, VirtualHost host, VirtualHub hub, long seed) {
    this.time = time;
    this.host = host;
    this.hub = hub;
    this.self = FormationIdentity.of("a secret of this test", "test", name).self();
    this.port = new VirtualPort(time, host, PORT);
    PortWire wire = new PortWire(port);
    this.desk = new StunDesk(wire, counters);
    SplittableRandom random = new SplittableRandom(seed * 31 + name.hashCode());
    this.checker = new VirtualChecker(time, random.nextLong());
    Core core = new Core(time, time, Runnable::run, random, port, wire, desk, checker, new Keepalive(), counters);
    this.stun = new StunServers(core);
    stun.servers(Set.of(hub.address()));
    stun.hosts(port.local());
    this.relay = hub.lend(host, desk);
    this.sessions = new Sessions(core, self, this);
    port.receive(desk);
  }

  static void introduce(VirtualNode one, VirtualNode two) {
    one.peer = two;
    two.peer = one;
  }

  void find() {
    path = new CompletableFuture<>();
    sessions.find(peer.self, path);
  }

  void cancel() {
    path.cancel(false);
  }

  boolean hasPath() {
    return path.isDone() && !path.isCompletedExceptionally() && !path.join().ended().toCompletableFuture().isDone();
  }

  PathType way() {
    return path.join().info().type();
  }

  /** What the path goes through. */
  VirtualPort.VirtualConduit conduit() {
    return port.conduit(path.join().remote());
  }

  @Override
  public Map<String, String> labels() {
    return Map.of();
  }

  @Override
  public Policy policy(PeerIdentity to) {
    return Policy.any;
  }

  @Override
  public CandidateFilter filter() {
    return new CandidateFilter(false, PrivateAddresses.scoped);
  }

  @Override
  public Set<InetSocketAddress> own() {
    return Set.copyOf(port.local());
  }

  @Override
  public boolean canSignal(PeerIdentity to) {
    return true;
  }

  @Override
  public CompletableFuture<String> send(PeerIdentity to, Signal signal) {
    time.after(SIGNAL_DELAY, Runnable::run, () -> peer.sessions.received(self, signal));
    return CompletableFuture.completedFuture("test");
  }

  @Override
  public List<Base> bases() {
    return port.local().stream().map(Base::new).toList();
  }

  @Override
  public List<RemoteAddress> mapped() {
    return stun.mapped();
  }

  /** Without a relay from now on. */
  VirtualNode alone() {
    relayed = false;
    return this;
  }

  @Override
  public Set<InetSocketAddress> stunServers() {
    return stun.servers();
  }

  @Override
  public void gather(boolean direct, boolean withRelays, Consumer<List<RemoteAddress>> found, Consumer<Wire> lent, Runnable done) {
    found.accept(List.of(new RemoteAddress(CandidateKind.host, port.local().get(0), Ice.priority(CandidateKind.host, 1))));
    if (withRelays && relayed) {
      found.accept(List.of(new RemoteAddress(CandidateKind.relay, relay.lentAddress(), Ice.priority(CandidateKind.relay, 1))));
      lent.accept(relay);
    }
    stun.measure(mapped -> found.accept(List.of(mapped)), done);
  }

  @Override
  public void suspect() {}

  @Override
  public NatKind nat() {
    return stun.kind();
  }

  @Override
  public String cause(Policy policy, NatKind theirs) {
    return "no_pair";
  }

  @Override
  public String advice(String cause) {
    return "";
  }
}
