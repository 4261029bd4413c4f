package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicConnectionPathStats;
import io.netty.incubator.codec.quic.QuicConnectionStats;
import io.netty.incubator.codec.quic.QuicDatagramExtensionEvent;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Between a connection's channel and its {@link SessionEvents}. */
final class SessionAdapter extends ChannelInboundHandlerAdapter implements Session {

  private @Nullable QuicChannel channel;
  private @Nullable SessionEvents events;
  private boolean closing;

  /** Both are known only after the channel exists, and the channel wants its handler first. */
  void bind(QuicChannel to, SessionEvents receiver) {
    channel = to;
    events = receiver;
    to.closeFuture().addListener(done -> receiver.closed());
  }

  SessionEvents events() {
    if (events == null) {
      throw new IllegalStateException("a connection without a receiver");
    }
    return events;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        events().established(this);
      } else {
        events().failed(handshake.cause());
      }
    } else if (event instanceof QuicDatagramExtensionEvent datagrams) {
      events().datagramMax(datagrams.maxLength());
    } else if (event instanceof QuicConnectionCloseEvent close) {
      events().peerClosed(close.isApplicationClose(), close.error(), reason(close));
    }
  }

  private static byte[] reason(QuicConnectionCloseEvent close) {
    try {
      return close.reason();
    } catch (NullPointerException e) {
      // The event copies a reason that it does not have; there is no way to ask first.
      return new byte[0];
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) {
    if (msg instanceof QuicStreamChannel stream) {
      events().stream(new StreamAdapter(stream));
    } else if (msg instanceof ByteBuf datagram) {
      events().datagram(datagram);
    } else {
      ReferenceCountUtil.release(msg);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    events().failed(cause);
  }

  @Override
  public CompletableFuture<StreamPort> openStream(boolean twoWay, StreamEvents receiver) {
    CompletableFuture<StreamPort> opened = new CompletableFuture<>();
    if (channel == null || !channel.isActive()) {
      opened.completeExceptionally(new IllegalStateException("the connection is not up"));
      return opened;
    }
    QuicStreamType type = twoWay ? QuicStreamType.BIDIRECTIONAL : QuicStreamType.UNIDIRECTIONAL;
    channel
        .createStream(type, new StreamAdapter(receiver))
        .addListener((Future<QuicStreamChannel> f) -> complete(opened, f));
    return opened;
  }

  private static void complete(CompletableFuture<StreamPort> opened, Future<QuicStreamChannel> created) {
    if (created.isSuccess()) {
      opened.complete(created.getNow().pipeline().get(StreamAdapter.class));
    } else {
      opened.completeExceptionally(created.cause());
    }
  }

  @Override
  public void sendDatagram(ByteBuf payload) {
    if (channel == null || !channel.isActive()) {
      payload.release();
      return;
    }
    channel.writeAndFlush(payload);
  }

  @Override
  public void close(int code, byte[] reason) {
    if (channel == null || closing) {
      return;
    }
    closing = true;
    if (!channel.isRegistered()) {
      // The codec refused to make a connection of it and will say nothing more.
      channel.unsafe().closeForcibly();
      events().closed();
      return;
    }
    channel.config().setAllocator(new ClosingAllocator(channel.alloc()));
    channel.close(true, code, Unpooled.directBuffer(Math.max(1, reason.length)).writeBytes(reason));
  }

  @Override
  public boolean isStarted() {
    return channel != null && channel.isRegistered();
  }

  @Override
  public @Nullable SessionStats stats() {
    if (channel == null || !channel.isActive()) {
      return null;
    }
    // On the loop both futures are complete at once.
    QuicConnectionStats all = channel.collectStats().getNow();
    QuicConnectionPathStats path = channel.collectPathStats(0).getNow();
    if (all == null) {
      return null;
    }
    long rtt = path == null || path.recv() == 0 ? -1 : path.rtt();
    return new SessionStats(rtt, all.recv(), all.sent(), all.lost(), all.retrans(), all.sentBytes(), all.recvBytes());
  }
}
