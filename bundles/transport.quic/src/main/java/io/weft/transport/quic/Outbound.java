package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;

/** Puts packets on their way: straight to an address, or into the hands of a conduit's carrier. */
final class Outbound {

  private final Counters counters;
  private final ChannelFutureListener unsent;
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
    InetSocketAddress to = route.real();
    PortConduit conduit = route.conduit();
    if (conduit != null) {
      to = conduit.target();
      if (to == null) {
        carry(conduit, packets, segmentSize == 0 ? packets.readableBytes() : segmentSize);
        promise.setSuccess();
        return;
      }
    }
    DatagramPacket moved =
        segmentSize == 0 ? new DatagramPacket(packets, to) : new SegmentedDatagramPacket(packets, segmentSize, to);
    ctx.write(moved, promise.unvoid().addListener(unsent));
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
