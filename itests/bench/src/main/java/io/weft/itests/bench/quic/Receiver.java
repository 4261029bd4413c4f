package io.weft.itests.bench.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;

/** Counts bytes until the stream ends, then sends the count and the time since the first byte. */
final class Receiver extends ChannelInboundHandlerAdapter {

  private long bytes;
  private long first;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    if (bytes == 0) {
      first = System.nanoTime();
    }
    bytes += buffer.readableBytes();
    buffer.release();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownReadComplete) {
      ByteBuf answer = ctx.alloc().buffer(16).writeLong(bytes).writeLong(System.nanoTime() - first);
      ctx.writeAndFlush(new DefaultQuicStreamFrame(answer, true));
    }
    ctx.fireUserEventTriggered(event);
  }
}
