package io.weft.transport.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Timers;
import io.weft.path.Path;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Io;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.quic.codec.EndpointSettings;
import io.weft.transport.quic.codec.QuicEndpoint;
import io.weft.transport.quic.codec.Session;
import io.weft.transport.quic.codec.SessionEvents;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The bound UDP port with all that runs on it: one socket, one loop, both roles of QUIC. Closed for good; another bind is another
 * port.
 */
final class UdpPort {

  static final String PROTOCOL = "weft/1";

  private static final int SOCKET_BUFFER = 4 << 20;
  private static final int SEGMENTS = 20;
  private static final int SEGMENTED_MAX = 65_000;
  private static final int READ_SIZE = 65_536;
  /** After so many, whatever else the loop has to do: more at once is cheaper for each, and a millisecond's work. */
  private static final int PACKETS_PER_TURN = 256;

  /** What a port needs to be bound. */
  record Setup(
      Io io,
      LinkContext context,
      X509ExtendedKeyManager keys,
      String fabric,
      EndpointSettings settings,
      HandshakeLimits limits,
      SecureRandom random,
      PacketHandlers others,
      Claims claims,
      Conduits conduits,
      Supplier<@Nullable Admission> admission) {}

  /** Who accepts, and on what terms. */
  record Admission(LinkLimits limits, LinkAcceptor acceptor) {}

  private final Setup setup;
  private final PacketMux mux;
  private final QuicEndpoint endpoint;
  private final Set<QuicLink> links = new HashSet<>();
  private @Nullable Channel channel;
  private boolean closed;

  UdpPort(Setup setup) {
    this.setup = setup;
    this.mux =
        new PacketMux(
            setup.context.clock(), setup.context.timers(), setup.context.counters(), setup.limits, setup.random, setup.others,
            setup.claims, setup.conduits, () -> setup.admission.get() != null);
    this.endpoint = new QuicEndpoint(setup.settings, setup.keys, PROTOCOL, this::incoming, mux, mux);
  }

  /** How many packets of this size the kernel may be given in one call. */
  static int segments(Io io, int packetSize) {
    return io.epoll() && Epoll.segments() ? Math.min(SEGMENTS, SEGMENTED_MAX / packetSize) : 0;
  }

  ChannelFuture bind(InetSocketAddress to) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(setup.context.loop())
            .channel(setup.io.udp())
            .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
            .option(
                ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_SIZE).maxMessagesPerRead(PACKETS_PER_TURN))
            .handler(new Pipeline());
    if (setup.io.epoll()) {
      Epoll.offload(bootstrap);
    }
    ChannelFuture bound = bootstrap.bind(to);
    channel = bound.channel();
    return bound;
  }

  /** Apart, so that a node without epoll's classes never meets them. */
  private static final class Epoll {

    static boolean segments() {
      return EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    }

    static void offload(Bootstrap bootstrap) {
      boolean mayJoin = segments();
      if (mayJoin) {
        bootstrap.option(EpollChannelOption.UDP_GRO, true);
      }
      bootstrap
          .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, EpollReads.READ_SIZE)
          .option(ChannelOption.RCVBUF_ALLOCATOR, new EpollReads(PACKETS_PER_TURN, mayJoin));
    }
  }

  private final class Pipeline extends ChannelInitializer<Channel> {

    @Override
    protected void initChannel(Channel ch) {
      // The client's codec is last: the server's would not let a connect pass.
      ch.pipeline().addLast("mux", mux).addLast("server", endpoint.server()).addLast("client", endpoint.client());
      mux.serverIs(ch.pipeline().context("server"));
    }
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return setup.context.loop();
  }

  Timers timers() {
    return setup.context.timers();
  }

  Counters counters() {
    return setup.context.counters();
  }

  HandshakeLimits limits() {
    return setup.limits;
  }

  PacketMux mux() {
    return mux;
  }

  void send(ByteBuf packet, InetSocketAddress to) {
    mux.sendPlain(new DatagramPacket(packet, to));
  }

  /** Several packets of one size, in as few calls as the platform allows. */
  void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    int together = segmentSize * Math.max(1, Math.min(setup.settings.segments(), SEGMENTED_MAX / segmentSize));
    while (packets.readableBytes() > together) {
      sendTogether(packets.readRetainedSlice(together), segmentSize, to);
    }
    sendTogether(packets, segmentSize, to);
  }

  private void sendTogether(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    mux.sendPlain(
        packets.readableBytes() > segmentSize
            ? new SegmentedDatagramPacket(packets, segmentSize, to)
            : new DatagramPacket(packets, to));
  }

  /** On the loop. */
  void dial(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler, CompletableFuture<Link> result) {
    if (result.isDone()) {
      return;
    }
    if (closed || !(path.remote() instanceof InetSocketAddress to) || to.isUnresolved()
        || to instanceof PortConduit.Address through && through.conduit().isClosed()) {
      Reason noWay = Reason.of("unreachable", "there is no way to " + path.info().remoteAddress());
      result.completeExceptionally(new HandshakeFailed(noWay));
      return;
    }
    counters().add(Counters.HANDSHAKES_STARTED);
    byte[] id = new byte[QuicEndpoint.ID_LENGTH];
    Route route = mux.dial(to, id);
    Dialing dialing = new Dialing(this, route, path, handler, result);
    PeerTrust trust = PeerTrust.in(peer, setup.fabric, setup.context.clock());
    QuicLink link = new QuicLink(setup.context, limits, route, trust, path::info, dialing);
    links.add(link);
    dialing.start(link, limits.handshakeTimeout());
    link.on(endpoint.connect(channel, PacketMux.LOCAL, route.virtual(), id, link));
  }

  private @Nullable SessionEvents incoming(InetSocketAddress virtual, Session session) {
    Admission admission = setup.admission.get();
    if (closed || admission == null || !(virtual instanceof Route.Virtual address)) {
      return null;
    }
    Route route = address.route();
    mux.taken(route);
    counters().add(Counters.HANDSHAKES_STARTED);
    Accepting accepting = new Accepting(this, route, admission.acceptor);
    PeerTrust trust = PeerTrust.inAny(accepting::expected, setup.fabric, setup.context.clock());
    QuicLink link = new QuicLink(setup.context, admission.limits, route, trust, accepting::path, accepting);
    links.add(link);
    accepting.start(link, admission.limits);
    link.on(session);
    loop().execute(() -> {
      if (!session.isStarted()) {
        link.close(Reason.of("internal", "the codec refused to start"));
      }
    });
    return link;
  }

  /** A link or an attempt is over. */
  void gone(QuicLink link, Route route) {
    if (links.remove(link)) {
      mux.forget(route);
    }
  }

  int links() {
    return links.size();
  }

  /** Closes all links with the reason, then the socket. On the loop. */
  ChannelFuture close(Reason reason) {
    closed = true;
    List.copyOf(links).forEach(link -> link.close(reason));
    return channel.close();
  }
}
