package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.ListenerSource;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.FreshPort;
import io.weft.path.Path;
import io.weft.support.succession.LoadedWhole;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Io;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import io.weft.transport.quic.codec.EndpointSettings;
import io.weft.transport.quic.codec.QuicEndpoint;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Links over QUIC through the one UDP port of this node. */
@Component(
    name = "weft.transport.quic",
    service = {Transport.class, DatagramPort.class, HealthCheck.class, ListenerSource.class})
@Designate(ocd = QuicConfig.class)
public final class QuicTransport implements Transport, DatagramPort, HealthCheck, ListenerSource {

  static final String NAME = "quic";

  private static final Logger log = LoggerFactory.getLogger(QuicTransport.class);
  private static final int PACKET_MIN = 1_200;
  private static final long CLOSE_SECONDS = 5;

  private final UdpSocket socket;
  private final GuardedKeys keys;
  private final String fabric;
  private final EventLoop loop;
  private final LinkContext context;
  private final SecureRandom random = new SecureRandom();
  private final Conduits conduits;
  private final SparePorts spares;
  private final Listening listening;
  private final Tuning tuning;
  private final Succession succession;
  private final BooleanSupplier stopping;
  private volatile QuicConfig config;
  private final AtomicReference<UdpPort.@Nullable Admission> admission = new AtomicReference<>();
  private final Takeover takeover;

  @Activate
  public QuicTransport(
      QuicConfig config,
      @Reference Io io,
      @Reference NodeIdentity identity,
      @Reference Node node,
      @Reference Clock clock,
      @Reference Timers timers,
      @Reference Succession succession,
      BundleContext context) {
    this(config, io, identity, node.fabric(), clock, timers, Tuning.GUARDED, succession,
        () -> context.getBundle().getState() == Bundle.STOPPING);
  }

  /** Without a framework, and so without a next version. */
  public QuicTransport(QuicConfig config, Io io, NodeIdentity identity, Node node, Clock clock, Timers timers) {
    this(config, io, identity, node.fabric(), clock, timers, Tuning.GUARDED, Predecessor.NEVER, () -> false);
  }

  /**
   * @param tuning what tests turn off to show what it is good for
   * @param stopping whether the whole bundle stops, and not only a component of it
   */
  QuicTransport(QuicConfig config, Io io, NodeIdentity identity, String fabric, Clock clock, Timers timers, Tuning tuning,
      Succession succession, BooleanSupplier stopping) {
    Throwable missing = QuicEndpoint.unavailable();
    if (missing != null) {
      throw new IllegalStateException("QUIC does not run on this platform: " + missing.getMessage(), missing);
    }
    this.config = config;
    this.tuning = tuning;
    this.keys = new GuardedKeys(identity.keyManager());
    this.fabric = fabric;
    this.loop = io.loops().next();
    this.socket = new UdpSocket(io, loop);
    this.context = new LinkContext(loop, clock, timers, new Counters());
    this.listening = new Listening(context, Listening.backoff(random));
    this.conduits = new Conduits(context, this::mux);
    this.spares = new SparePorts(context, socket, conduits, listening::local);
    this.takeover = new Takeover(context, socket, listening, this::end);
    this.succession = succession;
    this.stopping = stopping;
    takeover.start(succession.claim().map(Predecessor::of).orElse(null), config.listen(), this::setup);
  }

  /** Only another address is worth the links that are up; everything else waits for the next bind. */
  @Modified
  void modified(QuicConfig changed) {
    String before = config.listen();
    config = changed;
    if (!changed.listen().equals(before)) {
      loop.execute(() -> listening.listen(changed.listen(), this::setup));
    }
  }

  private UdpPort.Setup setup() {
    QuicConfig now = config;
    int packetSize = now.packet_size();
    if (packetSize < PACKET_MIN || packetSize > UdpSocket.PACKET_MAX) {
      log.warn("transport.quic.packet.size={} is not {} to {}; the nearest is used", packetSize, PACKET_MIN, UdpSocket.PACKET_MAX);
      packetSize = Math.max(PACKET_MIN, Math.min(UdpSocket.PACKET_MAX, packetSize));
    }
    EndpointSettings settings =
        tuning.apply(
            EndpointSettings.of(packetSize, now.discover_mtu(), now.congestion_control(), socket.segments(packetSize)));
    HandshakeLimits limits =
        new HandshakeLimits(now.handshakes_max(), now.handshakes_unproved_max(), now.handshakes_per_network_per_second());
    return new UdpPort.Setup(socket, context, keys, fabric, settings, limits, random, conduits.main(), admission::get, takeover.sharing(),
        takeover.isShared(), takeover::endIfIdle);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean carries(Path path) {
    return path.info().network().equals(Candidate.UDP) && path.remote() instanceof InetSocketAddress to && !to.isUnresolved();
  }

  @Override
  public CompletableFuture<Link> open(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler) {
    CompletableFuture<Link> result = new CompletableFuture<>();
    loop.execute(
        () -> {
          UdpPort port = listening.port();
          if (port == null) {
            result.completeExceptionally(new HandshakeFailed(Reason.of("unreachable", "no UDP port: " + listening.problem())));
          } else {
            port.dial(peer, path, limits, handler, result);
          }
        });
    return result;
  }

  @Override
  public Registration accept(LinkLimits limits, LinkAcceptor acceptor) {
    UdpPort.Admission mine = new UdpPort.Admission(limits, acceptor);
    admission.set(mine);
    return () -> admission.compareAndSet(mine, null);
  }

  @Override
  public Map<String, Long> counters() {
    return context.counters().snapshot();
  }

  @Override
  public List<InetSocketAddress> local() {
    InetSocketAddress bound = listening.local();
    return bound == null ? List.of() : List.of(bound);
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    send(packet, Math.max(1, packet.readableBytes()), to);
  }

  @Override
  public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    UdpPort port = listening.port();
    if (port == null || !UdpSocket.sendable(segmentSize, to)) {
      packets.release();
      context.counters().add(Counters.PACKETS_UNSENT);
    } else {
      port.send(packets, segmentSize, to);
    }
  }

  @Override
  public Registration receive(PacketHandler handler) {
    return conduits.main().others().add(handler);
  }

  @Override
  public Registration claim(InetSocketAddress source, PacketHandler handler) {
    return conduits.main().claims().add(source, handler);
  }

  @Override
  public Conduit conduit() {
    return conduits.open();
  }

  @Override
  public CompletableFuture<FreshPort> fresh() {
    return spares.open();
  }

  private @Nullable PacketMux mux() {
    UdpPort port = listening.port();
    return port == null ? null : port.mux();
  }

  @Override
  public List<Listener> listeners() {
    return Stream.concat(local().stream(), spares.local().stream())
        .map(address -> new Listener(UdpPath.text(address), "udp", "transport"))
        .toList();
  }

  @Override
  public List<HealthResult> check() {
    String problem = listening.problem();
    return List.of(
        problem == null
            ? new HealthResult("transport.quic", HealthKind.readiness, HealthStatus.ok, "UDP " + UdpPath.text(local().get(0)))
            : new HealthResult("transport.quic", HealthKind.readiness, HealthStatus.critical, problem));
  }

  /** If the bundle stops, the links go on until they are empty, beside those of the next version ({@link Takeover}). */
  @Deactivate
  void close() {
    admission.set(null);
    Optional<Registration> left = stopping.getAsBoolean() ? succession.leave(takeover.estate(config.listen())) : Optional.empty();
    if (left.isPresent()) {
      takeover.ended().thenRun(left.get()::close);
      LoadedWhole.bundleOf(QuicTransport.class);
      return;
    }
    takeover.endPredecessor();
    CompletableFuture<Void> closed = takeover.end();
    if (loop.inEventLoop()) {
      return;
    }
    try {
      closed.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.warn("udp port did not close within {} s", CLOSE_SECONDS);
    }
  }

  private CompletableFuture<Void> end() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    loop.execute(
        () -> listening.close(Reason.of("leaving", "the transport of this node stops"))
            .whenComplete((v, e) -> {
              spares.end();
              conduits.end();
              closed.complete(null);
            }));
    return closed;
  }

  // For tests of this package.

  @Nullable UdpPort port() {
    return listening.port();
  }

  Conduits conduits() {
    return conduits;
  }
}
