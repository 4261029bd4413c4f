package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Puts packets on their way: straight to an address, or into the hands of a conduit's carrier. */
final class Outbound {

  private final Counters counters;
  private final ChannelFutureListener unsent;
  // Few: there are few such sockets, and all are flushed together.
  private final List<Channel> unflushed = new ArrayList<>();
  private boolean carrying;

  Outbound(Counters counters) {
    this.counters = counters;
    this.unsent =
        sent -> {
          if (!sent.isSuccess()) {
            counters.add(Counters.PACKETS_UNSENT);
          }
        };
  }

  /** What is not the codec's, or was framed by a carrier. Any thread. */
  void plain(ChannelHandlerContext ctx, DatagramPacket packet) {
    if (ctx.executor().inEventLoop() && carrying) {
      // The codec, whose packets these are, is about to flush.
      ctx.write(packet).addListener(unsent);
    } else {
      ctx.writeAndFlush(packet).addListener(unsent);
    }
  }

  /**
   * Without a flush. On the loop.
   *
   * @param segmentSize 0 for a single packet
   */
  void forward(ChannelHandlerContext ctx, Route route, ByteBuf packets, int segmentSize, ChannelPromise promise) {
    PortConduit conduit = route.conduit();
    if (conduit == null) {
      ctx.write(packet(packets, segmentSize, route.real()), promise.unvoid().addListener(unsent));
      return;
    }
    PortConduit.Source to = conduit.target();
    if (to == null) {
      carry(conduit, packets, segmentSize == 0 ? packets.readableBytes() : segmentSize);
      promise.setSuccess();
    } else if (to.gate().isMain()) {
      ctx.write(packet(packets, segmentSize, to.address()), promise.unvoid().addListener(unsent));
    } else {
      aside(to.gate().channel(), packet(packets, segmentSize, to.address()));
      promise.setSuccess();
    }
  }

  private static DatagramPacket packet(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    return segmentSize == 0 ? new DatagramPacket(packets, to) : new SegmentedDatagramPacket(packets, segmentSize, to);
  }

  private void aside(Channel channel, DatagramPacket packet) {
    channel.write(packet).addListener(unsent);
    if (!unflushed.contains(channel)) {
      unflushed.add(channel);
    }
  }

  /** Sends what was written to other sockets than the main one. On the loop. */
  void flush() {
    if (!unflushed.isEmpty()) {
      unflushed.forEach(Channel::flush);
      unflushed.clear();
    }
  }

  private void carry(PortConduit conduit, ByteBuf packets, int segmentSize) {
    carrying = true;
    try {
      if (!conduit.carry(packets, segmentSize)) {
        packets.release();
        counters.add(Counters.PACKETS_UNSENT);
      }
    } finally {
      carrying = false;
    }
  }
}
