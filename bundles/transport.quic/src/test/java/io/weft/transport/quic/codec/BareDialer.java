package io.weft.transport.quic.codec;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.quic.BoringSSLContextOption;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicConnectionCloseEvent;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.util.concurrent.Future;
import io.weft.transport.Io;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Dials with the codec alone, as somebody would who is not one of us. */
public final class BareDialer implements AutoCloseable {

  private final Channel port;
  private final BlockingQueue<Long> closes = new LinkedBlockingQueue<>();

  /** @param keys null to show no certificate */
  public BareDialer(Io io, String protocol, @Nullable X509ExtendedKeyManager keys) throws Exception {
    QuicSslContextBuilder tls =
        QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).applicationProtocols(protocol)
            .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, new String[] {"ed25519"});
    if (keys != null) {
      tls.keyManager(keys, null);
    }
    ChannelHandler codec =
        new QuicClientCodecBuilder().sslContext(tls.build()).maxIdleTimeout(10, TimeUnit.SECONDS).initialMaxData(1 << 20)
            .initialMaxStreamDataUnidirectional(1 << 16).initialMaxStreamsUnidirectional(1).build();
    port = new Bootstrap().group(io.loops()).channel(io.udp()).handler(codec)
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
  }

  public Future<QuicChannel> dial(InetSocketAddress to) {
    return QuicChannel.newBootstrap(port).handler(new Closes()).streamHandler(new Ignore()).remoteAddress(to).connect();
  }

  /** The code with which the other side closed. */
  public long closed() throws InterruptedException {
    Long code = closes.poll(10, TimeUnit.SECONDS);
    if (code == null) {
      throw new AssertionError("not closed by the other side");
    }
    return code;
  }

  @Override
  public void close() {
    port.close().syncUninterruptibly();
  }

  private final class Closes extends ChannelInboundHandlerAdapter {

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event instanceof QuicConnectionCloseEvent close) {
        closes.add((long) close.error());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  @ChannelHandler.Sharable
  private static final class Ignore extends ChannelInboundHandlerAdapter {}
}
