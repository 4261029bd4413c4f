package org.example.tlslinks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.support.HostPort;
import io.weft.support.trust.PeerTrust;
import io.weft.transport.Io;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** The way over TCP, and where it leads: peers that are in the table. */
@Component(
    name = "tls-links",
    service = {Transport.class, PathSource.class, HealthCheck.class},
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TlsLinksConfig.class)
public final class TlsLinks implements Transport, PathSource, HealthCheck {

  static final String NAME = "tls-links";

  private static final Reason STOPPED = Reason.of("transport_stopped");

  /** What peers that dial are measured by, while somebody accepts. */
  private record Accepting(LinkLimits limits, LinkAcceptor acceptor) {}

  private final NodeTable nodes;
  private final NodeIdentity identity;
  private final String fabric;
  private final Clock clock;
  private final Timers timers;
  private final Sockets sockets;
  private final Set<TlsLink> links = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();
  private volatile @Nullable Accepting accepting;
  private volatile boolean closed;

  /** @throws IllegalArgumentException if the configuration is wrong; the message says where */
  @Activate
  public TlsLinks(TlsLinksConfig config, @Reference Node node, @Reference NodeIdentity identity, @Reference Io io, @Reference Clock clock,
      @Reference Timers timers) {
    this(NodeTable.parse(config.nodes()), node.fabric(), identity, io, clock, timers);
    if (config.listen().isEmpty()) {
      nodes.of(identity.self().name()).ifPresent(this::listen);
    } else {
      listen(NodeTable.address("tls-links.listen", config.listen()));
    }
  }

  /** Without listening anywhere. */
  TlsLinks(NodeTable nodes, String fabric, NodeIdentity identity, Io io, Clock clock, Timers timers) {
    this.nodes = nodes;
    this.fabric = fabric;
    this.identity = identity;
    this.clock = clock;
    this.timers = timers;
    this.sockets = new Sockets(io, timers, this::arrived);
    counter("datagrams_dropped");
  }

  @Deactivate
  public void close() {
    closed = true;
    sockets.close();
    links.forEach(link -> link.close(STOPPED));
  }

  /** Completes with the address that it is. */
  CompletableFuture<InetSocketAddress> listen(InetSocketAddress address) {
    sockets.listen(address);
    return sockets.bound();
  }

  @Override
  public String name() {
    return NAME;
  }

  // Where to.

  /** Of those that are found elsewhere: TCP, and an address, not a name. */
  @Override
  public boolean understands(Candidate candidate) {
    return candidate.network().equals(TcpPath.NETWORK) && new HostPort(candidate.host(), candidate.port()).isLiteral();
  }

  @Override
  public boolean reaches(PeerIdentity peer) {
    return nodes.of(peer.name()).isPresent();
  }

  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    return nodes.of(request.peer().name())
        .or(() -> candidate(request))
        .map(address -> CompletableFuture.<Path>completedFuture(new TcpPath(address)))
        .orElseGet(() -> CompletableFuture.failedFuture(
            new NoPath(Reason.of("no_candidates", request.peer().name() + " has no entry in tls-links.nodes"))));
  }

  /** Each attempt takes the next. */
  private Optional<InetSocketAddress> candidate(PathRequest request) {
    List<Candidate> known = request.candidates().stream().filter(this::understands).toList();
    return known.isEmpty() ? Optional.empty()
        : Optional.of(known.get((int) Math.floorMod(request.attempt(), (long) known.size())))
            .flatMap(next -> new HostPort(next.host(), next.port()).socketAddress());
  }

  // How.

  @Override
  public boolean carries(Path path) {
    return path.info().network().equals(TcpPath.NETWORK);
  }

  @Override
  public CompletableFuture<Link> open(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler) {
    CompletableFuture<Link> result = new CompletableFuture<>();
    if (closed) {
      result.completeExceptionally(Dial.failed("unreachable", "this transport is stopped"));
      return result;
    }
    PeerTrust trust = PeerTrust.in(peer, fabric, clock);
    Dial dial = new Dial(result, limits, (context, who, most) -> link(context, who, true, limits, most), handler);
    dial.start(sockets, (InetSocketAddress) path.remote(), timers, Tls.handler(true, identity, trust),
        new Greeting(trust, limits.streamsMax(), dial));
    return result;
  }

  @Override
  public Registration accept(LinkLimits limits, LinkAcceptor acceptor) {
    Accepting added = new Accepting(limits, acceptor);
    accepting = added;
    return () -> {
      if (accepting == added) {
        accepting = null;
      }
    };
  }

  /** A connection came in. On its loop. */
  private void arrived(Channel channel) {
    Accepting now = accepting;
    if (now == null || closed) {
      channel.close();
      return;
    }
    PeerTrust trust = PeerTrust.inAny(now.acceptor()::expected, fabric, clock);
    Greeting greeting = new Greeting(trust, now.limits().streamsMax(), new Greeting.Outcome() {
      @Override
      public void up(ChannelHandlerContext context, PeerIdentity peer, int peerStreamsMax) {
        sockets.greeted(context.channel());
        TlsLink link = link(context, peer, false, now.limits(), peerStreamsMax);
        link.start(now.acceptor().accepted(link));
      }

      @Override
      public void failed(Reason reason) {
        if (trust.refusal() != null) {
          counter("handshakes_refused_" + reason.code()).incrementAndGet();
        }
      }
    });
    Registration limit = sockets.greet(channel, Tls.handler(false, identity, trust), greeting, now.limits().handshakeTimeout());
    channel.closeFuture().addListener(gone -> limit.close());
  }

  /** In the place of the greeting. */
  private TlsLink link(ChannelHandlerContext context, PeerIdentity peer, boolean dialed, LinkLimits limits, int peerStreamsMax) {
    TlsLink link = new TlsLink(context.channel(), peer, dialed,
        new TlsLink.Terms(limits, peerStreamsMax, clock, timers, counter("datagrams_dropped")), links::remove);
    context.pipeline().replace(context.handler(), "link", link);
    links.add(link);
    if (closed) {
      link.close(STOPPED);
    }
    return link;
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, value) -> values.put(name, value.get()));
    return values;
  }

  private AtomicLong counter(String name) {
    return counters.computeIfAbsent(name, n -> new AtomicLong());
  }

  @Override
  public List<HealthResult> check() {
    String problem = sockets.problem();
    return problem.isEmpty() ? List.of() : List.of(new HealthResult(NAME, HealthKind.readiness, HealthStatus.warn, problem));
  }
}
