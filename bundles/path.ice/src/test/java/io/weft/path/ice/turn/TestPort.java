package io.weft.path.ice.turn;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.weft.node.Registration;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.FreshPort;
import io.weft.testkit.FakeIo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A node's port on loopback, as far as a relay's client uses it. */
final class TestPort implements DatagramPort, AutoCloseable {

  final FakeIo io = new FakeIo(1);
  private final EventLoop loop = io.loops().next();
  private final Map<InetSocketAddress, PacketHandler> claims = new ConcurrentHashMap<>();
  private final Channel channel;

  TestPort() {
    channel = new Bootstrap().group(loop).channel(io.udp()).handler(new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object msg) {
        DatagramPacket packet = (DatagramPacket) msg;
        PacketHandler handler = claims.get(packet.sender());
        if (handler != null) {
          handler.packet(packet.content(), packet.sender());
        }
        packet.release();
      }
    }).bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).syncUninterruptibly().channel();
  }

  int claims() {
    return claims.size();
  }

  @Override
  public List<InetSocketAddress> local() {
    return List.of((InetSocketAddress) channel.localAddress());
  }

  @Override
  public EventLoop loop() {
    return loop;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    channel.writeAndFlush(new DatagramPacket(packet, to));
  }

  @Override
  public void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    while (packets.isReadable()) {
      send(packets.readRetainedSlice(Math.min(segmentSize, packets.readableBytes())), to);
    }
    packets.release();
  }

  @Override
  public Registration receive(PacketHandler handler) {
    throw new UnsupportedOperationException("nobody asks for other packets here");
  }

  @Override
  public Registration claim(InetSocketAddress source, PacketHandler handler) {
    claims.put(source, handler);
    return () -> claims.remove(source, handler);
  }

  @Override
  public Conduit conduit() {
    return new TestConduit();
  }

  @Override
  public CompletableFuture<FreshPort> fresh() {
    throw new UnsupportedOperationException("nobody asks for another port here");
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    io.close();
  }
}
