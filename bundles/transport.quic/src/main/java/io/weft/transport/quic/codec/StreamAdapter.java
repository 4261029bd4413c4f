package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamResetException;
import io.netty.incubator.codec.quic.QuicStreamType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a stream's channel and its {@link StreamEvents}.
 *
 * <p>The codec would read a stream after each packet, a kilobyte at a time. So the first packet of a turn of the loop is handed over as it
 * comes, what follows it within the turn is read at the end of it, all at once, and only then the reading is called complete.
 */
final class StreamAdapter extends ChannelInboundHandlerAdapter implements OfferedStream {

  private static final Logger log = LoggerFactory.getLogger(StreamAdapter.class);
  private static final int READ_SIZE = 65_536;
  private static final int JOIN_BELOW = 16_384;

  private @Nullable QuicStreamChannel channel;
  private @Nullable StreamEvents events;
  private final Runnable readOn = this::readOn;
  private boolean readWaits;
  private boolean incomplete;
  private boolean ended;
  private boolean endTold;

  /** A stream that the peer opened. */
  StreamAdapter(QuicStreamChannel channel) {
    this.channel = channel;
  }

  /** A stream that is being opened here. */
  StreamAdapter(StreamEvents events) {
    this.events = events;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = (QuicStreamChannel) ctx.channel();
    channel.config().setOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_SIZE));
    channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    channel.config().setOption(QuicChannelOption.READ_FRAMES, true);
    channel.config().setAutoRead(false);
    if (channel.isRegistered()) {
      channel.read();
    }
  }

  @Override
  public void channelRegistered(ChannelHandlerContext ctx) {
    channel.read();
  }

  @Override
  public void accept(StreamEvents to) {
    events = to;
    // A stream channel has no loop of its own until it is registered.
    channel.pipeline().addLast(this);
    channel.parent().eventLoop().register(channel);
  }

  @Override
  public long id() {
    return channel.streamId();
  }

  @Override
  public boolean twoWay() {
    return channel.type() == QuicStreamType.BIDIRECTIONAL;
  }

  @Override
  public boolean isWritable() {
    return channel.isWritable();
  }

  /**
   * The end of a stream always travels as a frame through {@code write}: {@code shutdownOutput} of the codec sends it past what
   * is still queued, and the tail is lost without a word.
   *
   * <p>And it always brings a byte along, which the other side drops. The codec takes a stream for complete when all its bytes were
   * acknowledged, forgets it, and does not send an end again that was alone in a packet and lost: the peer would wait for ever.
   */
  @Override
  public void write(ByteBuf bytes, boolean last) {
    if (!last) {
      channel.write(bytes);
      return;
    }
    int count = bytes.readableBytes();
    boolean join = count < JOIN_BELOW;
    ByteBuf tail = channel.alloc().directBuffer(join ? count + 1 : 1);
    if (join) {
      tail.writeBytes(bytes);
      bytes.release();
    } else {
      channel.write(bytes);
    }
    channel.write(new DefaultQuicStreamFrame(tail.writeByte(0), true));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    QuicStreamFrame frame = (QuicStreamFrame) msg;
    ByteBuf bytes = frame.content();
    if (frame.hasFin()) {
      ended = true;
      bytes.writerIndex(Math.max(bytes.readerIndex(), bytes.writerIndex() - 1));
    }
    if (bytes.isReadable()) {
      to().data(bytes);
    } else {
      bytes.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    incomplete = true;
    if (!readWaits) {
      readWaits = true;
      channel.eventLoop().execute(readOn);
    }
  }

  private void readOn() {
    readWaits = false;
    if (channel.isActive()) {
      channel.read();
    }
    if (!readWaits) {
      complete();
    }
  }

  private void complete() {
    if (incomplete) {
      incomplete = false;
      to().readComplete();
    }
    tellEnd();
  }

  private void tellEnd() {
    if (ended && !endTold) {
      endTold = true;
      to().finished();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    to().writabilityChanged(channel.isWritable());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof QuicStreamResetException reset) {
      to().reset(reset.applicationProtocolCode());
    } else {
      log.debug("stream failed id={}", channel.streamId(), cause);
      to().reset(0);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    complete();
    to().closed();
  }

  private StreamEvents to() {
    if (events == null) {
      throw new IllegalStateException("a stream that nobody accepted was read");
    }
    return events;
  }
}
