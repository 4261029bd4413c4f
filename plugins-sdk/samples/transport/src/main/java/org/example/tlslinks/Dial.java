package org.example.tlslinks;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** One attempt to open a link. Whoever cancels the result, or waits too long, ends it with all that it holds. */
final class Dial implements Greeting.Outcome {

  /** Makes a link of a connection. */
  interface Links {

    TlsLink of(ChannelHandlerContext context, PeerIdentity peer, int peerStreamsMax);
  }

  private final CompletableFuture<Link> result;
  private final LinkLimits limits;
  private final Links links;
  private final LinkHandler handler;

  Dial(CompletableFuture<Link> result, LinkLimits limits, Links links, LinkHandler handler) {
    this.result = result;
    this.limits = limits;
    this.links = links;
    this.handler = handler;
  }

  void start(Sockets sockets, InetSocketAddress to, Timers timers, SslHandler tls, Greeting greeting) {
    var connecting = sockets.connect(to, tls, greeting);
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        result.completeExceptionally(failed("unreachable", to + ": " + done.cause().getMessage()));
      }
    });
    Registration limit = timers.after(limits.handshakeTimeout(), connecting.channel().eventLoop(), () -> result.completeExceptionally(
        failed("unreachable", "no answer within " + limits.handshakeTimeout().toMillis() + " ms")));
    result.whenComplete((link, failure) -> {
      limit.close();
      if (failure != null) {
        connecting.cancel(false);
        connecting.channel().close();
      }
    });
  }

  @Override
  public void up(ChannelHandlerContext context, PeerIdentity peer, int peerStreamsMax) {
    TlsLink link = links.of(context, peer, peerStreamsMax);
    link.start(handler);
    if (!result.complete(link)) {
      link.abandon();
    }
  }

  @Override
  public void failed(Reason reason) {
    result.completeExceptionally(new HandshakeFailed(reason));
  }

  static HandshakeFailed failed(String code, String detail) {
    return new HandshakeFailed(Reason.of(code, detail));
  }
}
