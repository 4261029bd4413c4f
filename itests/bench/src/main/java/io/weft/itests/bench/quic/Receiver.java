package io.weft.itests.bench.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;

/** Counts bytes until the stream ends, then sends the count and the time since the first byte. On the way, one byte for each MiB. */
final class Receiver extends ChannelInboundHandlerAdapter {

  /** So much is confirmed at once. */
  static final int CONFIRM_BYTES = 1 << 20;

  private long bytes;
  private long first;
  private long confirmed;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    if (bytes == 0) {
      first = System.nanoTime();
    }
    bytes += buffer.readableBytes();
    buffer.release();
    int more = (int) ((bytes - confirmed) / CONFIRM_BYTES);
    if (more > 0) {
      confirmed += (long) more * CONFIRM_BYTES;
      ctx.writeAndFlush(ctx.alloc().directBuffer(more).writeZero(more));
    }
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
