package org.example.tlslinks;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.support.trust.PeerTrust;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** One connection until there is a link or none: TLS, then both say how many streams they allow. On the connection's loop. */
final class Greeting extends SimpleChannelInboundHandler<ByteBuf> {

  /** What becomes of it; one of the two is called, once. */
  interface Outcome {

    /** The peer is who it has to be. Puts a link in the place of the greeting. */
    void up(ChannelHandlerContext context, PeerIdentity peer, int peerStreamsMax);

    void failed(Reason reason);
  }

  private final PeerTrust trust;
  private final int streamsMax;
  private final Outcome outcome;
  private boolean over;

  Greeting(PeerTrust trust, int streamsMax, Outcome outcome) {
    this.trust = trust;
    this.streamsMax = streamsMax;
    this.outcome = outcome;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        context.writeAndFlush(Frames.number(context.alloc(), Frames.READY, 0, streamsMax));
      } else {
        fail(context, why(done.cause()));
      }
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
    if (over) {
      return;
    }
    int type = frame.readUnsignedByte();
    frame.skipBytes(10);
    PeerIdentity peer = trust.peer();
    if (type == Frames.READY && peer != null) {
      int peerStreamsMax = Frames.number(frame);
      over = true;
      outcome.up(context, peer, peerStreamsMax);
    } else if (type == Frames.CLOSE) {
      fail(context, Frames.reason(frame));
    } else if (type < Frames.OPTIONAL) {
      fail(context, Reason.of("protocol", "the peer began with a frame of type " + type));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail(context, why(null));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail(context, why(cause.getCause() == null ? cause : cause.getCause()));
  }

  /** The time is over, nobody wants it any more, or it went wrong. */
  void fail(ChannelHandlerContext context, Reason reason) {
    if (!over) {
      over = true;
      outcome.failed(reason);
      context.close();
    }
  }

  private Reason why(@Nullable Throwable cause) {
    Reason refusal = trust.refusal();
    if (refusal != null) {
      return refusal;
    }
    return cause instanceof SSLException ? Reason.of("refused", "the peer ended TLS: " + cause.getMessage())
        : cause instanceof Frames.MalformedFrame ? Reason.of("protocol", cause.getMessage())
        : Reason.of("refused", "the connection ended before the peer had agreed");
  }
}
