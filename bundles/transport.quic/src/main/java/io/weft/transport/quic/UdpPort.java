package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Timers;
import io.weft.path.Path;
import io.weft.support.trust.PeerTrust;
import io.weft.transport.HandshakeFailed;
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

  /**
   * What a port needs to be bound.
   *
   * @param shared whether another version is bound to the same address
   * @param idle run when the last link or attempt is over
   */
  record Setup(
      UdpSocket socket,
      LinkContext context,
      X509ExtendedKeyManager keys,
      String fabric,
      EndpointSettings settings,
      HandshakeLimits limits,
      SecureRandom random,
      Gate gate,
      Supplier<@Nullable Admission> admission,
      Sharing sharing,
      boolean shared,
      Runnable idle) {}

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
            setup.context.clock(), setup.context.timers(), setup.context.counters(), setup.limits, setup.random, setup.gate,
            () -> setup.admission.get() != null, setup.sharing);
    this.endpoint = new QuicEndpoint(setup.settings, setup.keys, PROTOCOL, this::incoming, mux, mux);
  }

  ChannelFuture bind(InetSocketAddress to) {
    ChannelFuture bound = setup.socket.bind(to, new Pipeline(), setup.shared);
    channel = bound.channel();
    return bound;
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

  /** Packets of one size, in as few calls as the platform allows. Any thread. */
  void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    setup.socket.split(packets, segmentSize, to, mux::sendPlain);
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
      if (links.isEmpty()) {
        setup.idle.run();
      }
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
