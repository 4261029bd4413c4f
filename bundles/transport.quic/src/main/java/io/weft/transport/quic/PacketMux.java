package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.transport.quic.codec.ConnectionIds;
import io.weft.transport.quic.codec.TokenPolicy;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First in the port's pipeline: gives each packet to whom it belongs. QUIC packets go by connection id to the client's or the
 * server's codec, what looks like STUN goes to the handlers of the port, everything else is counted and dropped. On the way it
 * puts virtual addresses for real ones and back. All state belongs to the port's loop and is bounded by {@link HandshakeLimits}
 * and by what was proved.
 */
final class PacketMux extends ChannelDuplexHandler implements ConnectionIds, TokenPolicy {

  /** The codec's own side of every path; constant, because one that changes would look like a migration. */
  static final InetSocketAddress LOCAL = Route.placeholder();

  private static final Logger log = LoggerFactory.getLogger(PacketMux.class);

  private final Clock clock;
  private final Counters counters;
  private final HandshakeLimits limits;
  private final RetryTokens tokens;
  private final SecureRandom random;
  private final Gate main;
  private final BooleanSupplier accepting;
  private final Sharing sharing;
  private final Outbound outbound;
  private final LongObjectMap<Route> routes = new LongObjectHashMap<>();
  private final Lingering lingering;
  private boolean turnKnown;
  private long turnNanos;
  private long nextRoute = 1 << 16;
  private volatile @Nullable ChannelHandlerContext context;
  private @Nullable ChannelHandlerContext serverContext;
  private @Nullable Route admitting;
  private @Nullable Route retrying;
  private boolean reading;
  private boolean completing;

  /** @param accepting whether strangers are let in at all */
  PacketMux(
      Clock clock,
      Timers timers,
      Counters counters,
      HandshakeLimits limits,
      SecureRandom random,
      Gate main,
      BooleanSupplier accepting,
      Sharing sharing) {
    this.clock = clock;
    this.lingering = new Lingering(timers, routes);
    this.counters = counters;
    this.limits = limits;
    this.tokens = new RetryTokens(clock, random);
    this.random = random;
    this.main = main;
    this.accepting = accepting;
    this.sharing = sharing;
    this.outbound = new Outbound(counters);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Sends what is not QUIC, past the codec. Any thread; drops what cannot be sent. */
  void sendPlain(DatagramPacket packet) {
    ChannelHandlerContext to = context;
    if (to == null) {
      drop(packet.content(), Counters.PACKETS_UNSENT);
    } else {
      outbound.plain(to, packet);
    }
  }

  /** After the codec is in the pipeline. */
  void serverIs(ChannelHandlerContext context) {
    serverContext = context;
  }

  /** A route to a peer that is being dialed, known by the id that is drawn for it. */
  Route dial(InetSocketAddress to, byte[] id) {
    random.nextBytes(id);
    Route route = new Route(nextRoute++, true, to);
    route.own(PacketHead.key(id), routes);
    return route;
  }

  /** The connection is over. For a while the peer is told again if it goes on, because the codec says it only once. */
  void forget(Route route) {
    route.onSent(null);
    lingering.add(route, context.executor());
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    lingering.clear();
    routes.clear();
  }

  private void stillSending(ChannelHandlerContext ctx, ByteBuf packet, Route route) {
    byte[] farewell = route.farewell();
    if (farewell != null) {
      outbound.forward(ctx, route, Unpooled.wrappedBuffer(farewell), 0, ctx.newPromise());
      flush(ctx);
    }
    packet.release();
  }

  /** Ids of connections, those that linger included. */
  int ids() {
    return routes.size();
  }

  /** Ids of connections that are not over. */
  int routes() {
    return (int) routes.values().stream().filter(route -> !lingering.has(route)).count();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    read(ctx, main, (DatagramPacket) msg);
  }

  /** A packet that another socket than the main one got. {@link #readComplete} follows. */
  void read(Gate gate, DatagramPacket packet) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || ctx.isRemoved()) {
      drop(packet.content(), Counters.PACKETS_UNKNOWN);
    } else {
      read(ctx, gate, packet);
    }
  }

  void readComplete() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && !ctx.isRemoved()) {
      channelReadComplete(ctx);
    }
  }

  private void read(ChannelHandlerContext ctx, Gate gate, DatagramPacket packet) {
    reading = true;
    ByteBuf content = packet.content();
    if (gate.claims().offer(content, packet.sender())) {
      content.release();
    } else {
      arrived(ctx, gate, content, packet.sender());
    }
  }

  /** A packet that came another way than through the socket; {@code from} is the address of its conduit. */
  void inject(ByteBuf packet, InetSocketAddress from) {
    ChannelHandlerContext ctx = context;
    if (ctx == null || ctx.isRemoved()) {
      drop(packet, Counters.PACKETS_UNKNOWN);
      return;
    }
    arrived(ctx, main, packet, from);
    completeLater(ctx);
  }

  private void completeLater(ChannelHandlerContext ctx) {
    if (!reading && !completing) {
      completing = true;
      ctx.executor().execute(() -> {
        completing = false;
        readComplete();
      });
    }
  }

  /** A packet that a newer version got and does not know. Takes over the buffer. */
  void fromNewer(ByteBuf packet, InetSocketAddress from) {
    ChannelHandlerContext ctx = context;
    int kind = PacketHead.kind(packet);
    if (ctx != null && !ctx.isRemoved() && kind >= PacketHead.SHORT && routes.containsKey(PacketHead.key(packet, kind))) {
      arrived(ctx, main, packet, from);
      completeLater(ctx);
    } else {
      sharing.down(packet, from);
      packet.release();
    }
  }

  private void arrived(ChannelHandlerContext ctx, Gate gate, ByteBuf packet, InetSocketAddress from) {
    int kind = PacketHead.kind(packet);
    long key = kind < PacketHead.SHORT ? 0 : PacketHead.key(packet, kind);
    Route route = kind < PacketHead.SHORT ? null : routes.get(key);
    if (route == null && gate == main && !(from instanceof PortConduit.Address) && sharing.up(packet, from)) {
      packet.release();
    } else if (kind < PacketHead.SHORT) {
      notQuic(gate, packet, kind, from);
    } else if (route == null) {
      if (kind == PacketHead.INITIAL && key != 0) {
        stranger(ctx, gate, packet, from, key);
      } else if (sharing.down(packet, from)) {
        packet.release();
      } else {
        drop(packet, Counters.PACKETS_UNKNOWN);
      }
    } else if (!(gate == main && route.real().equals(from)) && !leads(gate, from, route)) {
      // Only the path may move a connection, never a packet: a copied id from elsewhere changes nothing.
      drop(packet, Counters.PACKETS_STRANGE_SOURCE);
    } else if (route.hasFarewell()) {
      stillSending(ctx, packet, route);
    } else {
      route.received(packet.readableBytes(), turn());
      DatagramPacket moved = new DatagramPacket(packet, LOCAL, route.virtual());
      if (route.dialed) {
        serverContext.fireChannelRead(moved);
      } else {
        ctx.fireChannelRead(moved);
      }
    }
  }

  /** Whether this address on the wire leads to the conduit of the route. */
  private static boolean leads(Gate gate, InetSocketAddress from, Route route) {
    PortConduit conduit = route.conduit();
    return conduit != null && gate.of(from) == conduit;
  }

  /** The codecs do not pass this on, so both have to be told. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    turnKnown = false;
    ctx.fireChannelReadComplete();
    serverContext.fireChannelReadComplete();
  }

  /** The time, asked once for all packets that are read together. */
  private long turn() {
    if (!turnKnown) {
      turnKnown = true;
      turnNanos = clock.nanos();
    }
    return turnNanos;
  }

  private void notQuic(Gate gate, ByteBuf packet, int kind, InetSocketAddress from) {
    if (kind == PacketHead.STUN && !(from instanceof PortConduit.Address) && gate.others().offer(packet, from)) {
      packet.release();
    } else {
      drop(packet, Counters.PACKETS_NOBODYS);
    }
  }

  private void stranger(ChannelHandlerContext ctx, Gate gate, ByteBuf packet, InetSocketAddress from, long key) {
    PortConduit conduit = gate.of(from);
    if (conduit == null && gate != main) {
      // Answers would leave by the main socket.
      drop(packet, Counters.PACKETS_UNKNOWN);
      return;
    }
    InetSocketAddress real = conduit == null ? from : conduit.address();
    long token = PacketHead.token(packet);
    boolean shown = token >= 0 && (int) token > 0;
    boolean proved = shown || conduit != null && conduit.admitted(gate, from);
    if (token < 0) {
      drop(packet, Counters.PACKETS_MALFORMED);
    } else if (!accepting.getAsBoolean()) {
      drop(packet, Counters.HANDSHAKES_UNWANTED);
    } else if (limits.full()) {
      drop(packet, Counters.HANDSHAKES_OVER_LIMIT);
    } else if (shown && tokens.validate(packet.slice(packet.readerIndex() + (int) (token >> 32), (int) token), real) < 0) {
      drop(packet, Counters.TOKENS_REFUSED);
    } else if (!limits.withinRate(from.getAddress(), clock.nanos())) {
      drop(packet, Counters.HANDSHAKES_OVER_RATE);
    } else if (!proved && limits.wantsProof()) {
      retry(ctx, packet, real);
    } else {
      admit(ctx, packet, real, key, proved);
    }
  }

  /** Answered within this call and then forgotten: whoever cannot receive at its address costs one packet and no memory. */
  private void retry(ChannelHandlerContext ctx, ByteBuf packet, InetSocketAddress real) {
    counters.add(Counters.HANDSHAKES_RETRIED);
    retrying = new Route(nextRoute++, false, real);
    retrying.received(packet.readableBytes(), turn());
    try {
      ctx.fireChannelRead(new DatagramPacket(packet, LOCAL, retrying.virtual()));
    } finally {
      retrying = null;
    }
  }

  private void admit(ChannelHandlerContext ctx, ByteBuf packet, InetSocketAddress real, long key, boolean proved) {
    Route route = new Route(nextRoute++, false, real);
    route.received(packet.readableBytes(), turn());
    if (proved) {
      route.proved();
    }
    route.own(key, routes);
    admitting = route;
    try {
      ctx.fireChannelRead(new DatagramPacket(packet, LOCAL, route.virtual()));
    } finally {
      if (admitting == route) {
        // The codec made no connection of it.
        route.release(routes);
        counters.add(Counters.PACKETS_MALFORMED);
        admitting = null;
      }
    }
  }

  /** The codec made a connection out of the packet that is being admitted. */
  void taken(Route route) {
    if (admitting == route) {
      admitting = null;
    }
  }

  private void drop(ByteBuf packet, String counter) {
    packet.release();
    counters.add(counter);
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
    DatagramPacket packet = (DatagramPacket) msg;
    ByteBuf content = packet.content();
    if (!(packet.recipient() instanceof Route.Virtual virtual) || !virtual.route().maySend(content.readableBytes())) {
      drop(content, Counters.PACKETS_UNSENT);
      promise.setSuccess();
      return;
    }
    Route route = virtual.route();
    route.leaving(content);
    if (packet instanceof SegmentedDatagramPacket segmented) {
      int size = segmented.segmentSize();
      int packets = (content.readableBytes() + size - 1) / size;
      outbound.forward(ctx, route, content, size, promise);
      route.sent(packets, size);
    } else {
      int size = content.readableBytes();
      outbound.forward(ctx, route, content, 0, promise);
      route.sent(1, size);
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    outbound.flush();
    ctx.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // Such as an ICMP answer to an earlier packet: says nothing about the port, which stays open.
    log.debug("udp port error", cause);
  }

  @Override
  public byte[] first(int length) {
    return admitting == null ? drawn(length) : owned(admitting, length);
  }

  @Override
  public byte[] further(byte[] sibling, int length) {
    Route route = routes.get(PacketHead.key(sibling));
    return route == null ? drawn(length) : owned(route, length);
  }

  private byte[] owned(Route route, int length) {
    byte[] id = drawn(length);
    route.own(PacketHead.key(id), routes);
    return id;
  }

  private byte[] drawn(int length) {
    byte[] id = new byte[length];
    random.nextBytes(id);
    return id;
  }

  @Override
  public boolean retry(ByteBuf out, byte[] originalId, InetSocketAddress peer) {
    if (retrying == null || originalId.length > PacketHead.ID_MAX) {
      return false;
    }
    tokens.mint(out, originalId, retrying.real());
    return true;
  }

  @Override
  public int validate(ByteBuf token, InetSocketAddress peer) {
    return peer instanceof Route.Virtual virtual ? tokens.validate(token, virtual.route().real()) : REFUSED;
  }

  @Override
  public int tokenLengthMax() {
    return RetryTokens.LENGTH_MAX;
  }
}
