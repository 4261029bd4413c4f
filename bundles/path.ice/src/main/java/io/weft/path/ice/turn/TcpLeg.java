package io.weft.path.ice.turn;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weft.node.Reason;
import io.weft.path.ice.turn.TurnClient.Tools;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.MalformedStun;
import io.weft.support.stun.StunStream;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Over a connection, for where UDP does not get out. */
final class TcpLeg implements Leg {

  private static final int CONNECT_MILLIS = 5_000;
  private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(256 << 10, 512 << 10);

  private final Tools tools;
  private final RelayTarget target;
  private @Nullable Channel channel;

  TcpLeg(Tools tools, RelayTarget target) {
    this.tools = tools;
    this.target = target;
  }

  @Override
  public void start(Events events) {
    SslContext security;
    try {
      security = target.transport() == RelayTarget.Transport.tls ? tools.tls().call() : null;
    } catch (Exception e) {
      events.lost(Reason.of("unreachable", "no TLS on this machine: " + e.getMessage()));
      return;
    }
    ChannelFuture connecting = new Bootstrap()
        .group(tools.port().loop())
        .channel(tools.io().tcp())
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
        .handler(new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel ch) {
            if (security != null) {
              ch.pipeline().addLast(secured(security, ch));
            }
            ch.pipeline().addLast(new Decoder(events));
          }
        })
        .connect(target.address());
    channel = connecting.channel();
    connecting.addListener((ChannelFuture connected) -> {
      if (!connected.isSuccess()) {
        events.lost(Reason.of("unreachable", "no connection to " + target + ": " + connected.cause().getMessage()));
      } else if (security == null) {
        events.open();
      }
    });
  }

  private SslHandler secured(SslContext security, Channel ch) {
    SslHandler handler = security.newHandler(ch.alloc(), target.host(), target.address().getPort());
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    return handler;
  }

  @Override
  public boolean isLossy() {
    return false;
  }

  @Override
  public void send(ByteBuf message) {
    if (channel != null && channel.isActive() && channel.isWritable()) {
      channel.writeAndFlush(message);
    } else {
      message.release();
    }
  }

  @Override
  public void frames(int number, ByteBuf packets, int segmentSize) {
    try {
      if (channel != null && channel.isActive() && channel.isWritable()) { // else it is dropped, as UDP would: QUIC slows down then
        int bytes = packets.readableBytes();
        int segments = (bytes + segmentSize - 1) / segmentSize;
        ByteBuf framed = Frames.buffer(bytes + segments * (ChannelData.HEADER + 3));
        Frames.write(framed, number, packets, segmentSize, true);
        channel.writeAndFlush(framed);
      }
    } finally {
      packets.release();
    }
  }

  @Override
  public void close() {
    if (channel != null) {
      channel.close();
    }
  }

  /** Cuts the stream into messages and frames. */
  private final class Decoder extends ByteToMessageDecoder {

    private final Events events;
    private @Nullable Reason why;

    Decoder(Events events) {
      this.events = events;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
      try {
        int length = StunStream.length(in);
        while (length != StunStream.UNKNOWN && in.readableBytes() >= length) {
          events.received(in.readSlice(length));
          length = StunStream.length(in);
        }
      } catch (MalformedStun e) {
        why = Reason.of("turn_refused", target + " speaks no TURN");
        in.skipBytes(in.readableBytes());
        ctx.close();
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
      if (event instanceof SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
          events.open();
        } else {
          why = Reason.of("unreachable", "TLS with " + target + " failed: " + done.cause().getMessage());
          ctx.close();
        }
      }
      super.userEventTriggered(ctx, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
      super.channelInactive(ctx);
      events.lost(why == null ? Reason.of("unreachable", target + " closed the connection") : why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (why == null) {
        why = Reason.of("unreachable", "the connection to " + target + " failed: " + cause.getMessage());
      }
      ctx.close();
    }
  }
}
