package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.weft.node.Registration;
import io.weft.path.Conduit;
import io.weft.path.FreshPort;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A further socket: conduits lead through it into the same codec, and that is all QUIC it knows. */
final class SparePort implements FreshPort {

  private static final Logger log = LoggerFactory.getLogger(SparePort.class);

  private final SparePorts owner;
  private final Gate gate = new Gate(this::close);
  private volatile @Nullable InetSocketAddress local;

  SparePort(SparePorts owner) {
    this.owner = owner;
  }

  /** On the loop, as all of it that is not said to be called from any thread. */
  ChannelFuture bind(UdpSocket socket, InetSocketAddress to) {
    ChannelFuture bound = socket.bind(to, new Reader());
    gate.opened(bound.channel());
    return bound;
  }

  void bound(InetSocketAddress to) {
    local = to;
  }

  Gate gate() {
    return gate;
  }

  private final class Reader extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      DatagramPacket packet = (DatagramPacket) msg;
      PacketMux mux = owner.mux();
      if (mux != null) {
        mux.read(gate, packet);
      } else {
        packet.release();
        owner.counters().add(Counters.PACKETS_UNKNOWN);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      PacketMux mux = owner.mux();
      if (mux != null) {
        mux.readComplete();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // As at the main socket: of a single packet.
      log.debug("udp port error", cause);
    }
  }

  @Override
  public List<InetSocketAddress> local() {
    InetSocketAddress bound = local;
    return bound == null ? List.of() : List.of(bound);
  }

  @Override
  public EventLoop loop() {
    return owner.loop();
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    send(packet, Math.max(1, packet.readableBytes()), to);
  }

  @Override
  public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    Channel channel = gate.channel();
    if (local == null || channel == null || !UdpSocket.sendable(segmentSize, to)) {
      packets.release();
      owner.counters().add(Counters.PACKETS_UNSENT);
    } else {
      owner.socket().split(packets, segmentSize, to, packet -> channel.writeAndFlush(packet).addListener(owner.unsent()));
    }
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to, int hops) {
    owner.socket().near(gate.channel(), hops, () -> send(packet, to));
  }

  @Override
  public Registration receive(PacketHandler handler) {
    return gate.others().add(handler);
  }

  @Override
  public Registration claim(InetSocketAddress source, PacketHandler handler) {
    return gate.claims().add(source, handler);
  }

  @Override
  public Conduit conduit() {
    return owner.conduit();
  }

  @Override
  public CompletableFuture<FreshPort> fresh() {
    return owner.open();
  }

  @Override
  public void close() {
    local = null;
    owner.close(this);
  }
}
