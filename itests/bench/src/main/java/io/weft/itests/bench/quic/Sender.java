package io.weft.itests.bench.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import java.util.concurrent.CompletableFuture;

/**
 * Writes for some seconds, then ends the stream and waits for the receiver's count. What is not confirmed is bounded: the codec would take
 * gigabytes on a path that became slower.
 */
final class Sender extends ChannelInboundHandlerAdapter {

  private static final int CHUNK = 65_536;
  private static final long UNCONFIRMED_MAX = 16L << 20;

  private final long nanos;
  private final ByteBuf data = Unpooled.directBuffer(CHUNK).writeZero(CHUNK);
  private final ByteBuf received = Unpooled.buffer(16);
  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private long end;
  private boolean ended;
  private long written;
  private long confirmed;

  Sender(int seconds) {
    this.nanos = seconds * 1_000_000_000L;
  }

  /** Bytes and nanoseconds, as the receiver counted. */
  CompletableFuture<String> answer() {
    return answer;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    end = System.nanoTime() + nanos;
    pump(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    pump(ctx);
  }

  private void pump(ChannelHandlerContext ctx) {
    while (!ended && ctx.channel().isWritable()) {
      if (System.nanoTime() < end) {
        if (written - confirmed >= UNCONFIRMED_MAX) {
          break;
        }
        written += CHUNK;
        ctx.write(data.retainedDuplicate());
      } else {
        ended = true;
        ctx.write(QuicStreamFrame.EMPTY_FIN);
      }
    }
    ctx.flush();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    // One byte for each whole MiB, then the answer.
    long confirmations = (written - confirmed) / Receiver.CONFIRM_BYTES;
    int more = (int) Math.min(bytes.readableBytes(), confirmations);
    confirmed += (long) more * Receiver.CONFIRM_BYTES;
    received.writeBytes(bytes.skipBytes(more));
    bytes.release();
    if (received.readableBytes() == 16) {
      answer.complete(received.readLong() + " " + received.readLong());
    }
    pump(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    data.release();
    answer.completeExceptionally(new IllegalStateException("the stream ended without an answer"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    answer.completeExceptionally(cause);
    ctx.close();
  }
}
