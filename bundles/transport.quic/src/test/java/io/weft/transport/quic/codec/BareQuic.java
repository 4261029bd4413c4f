package io.weft.transport.quic.codec;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.handler.ssl.ClientAuth;
import io.netty.incubator.codec.quic.BoringSSLContextOption;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.EpollQuicUtils;
import io.netty.incubator.codec.quic.InsecureQuicTokenHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicCodecBuilder;
import io.netty.incubator.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.weft.transport.Io;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509ExtendedKeyManager;

/** The codec alone, with our settings and nothing of ours around it: what the transport is measured against. */
public final class BareQuic implements AutoCloseable {

  private final Channel server;
  private final Channel client;
  private final QuicChannel connection;
  private final CompletableFuture<QuicChannel> accepted = new CompletableFuture<>();

  /** @param received gets the size of all that arrives at the server */
  public BareQuic(EndpointSettings settings, X509ExtendedKeyManager keys, Io clientIo, Io serverIo,
      LongConsumer received) throws Exception {
    this(settings, keys, clientIo, serverIo, () -> new Count(received), address -> address);
  }

  /**
   * @param streams who gets what arrives on each stream at the server
   * @param road where to send to, to get to an address
   */
  public BareQuic(
      EndpointSettings settings,
      X509ExtendedKeyManager keys,
      Io clientIo,
      Io serverIo,
      Supplier<ChannelHandler> streams,
      UnaryOperator<InetSocketAddress> road)
      throws Exception {
    String[] signatures = {"ed25519"};
    var trust = io.netty.handler.ssl.util.InsecureTrustManagerFactory.INSTANCE;
    var serverTls =
        QuicSslContextBuilder.forServer(keys, null).clientAuth(ClientAuth.REQUIRE).trustManager(trust)
            .applicationProtocols("bare")
            .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, signatures).build();
    var clientTls =
        QuicSslContextBuilder.forClient().keyManager(keys, null).trustManager(trust).applicationProtocols("bare")
            .option(BoringSSLContextOption.SIGNATURE_ALGORITHMS, signatures).build();
    QuicServerCodecBuilder builder = common(new QuicServerCodecBuilder(), settings).sslContext(serverTls)
        .tokenHandler(InsecureQuicTokenHandler.INSTANCE).handler(new Accepted())
        .streamOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536))
        .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
          @Override
          protected void initChannel(QuicStreamChannel ch) {
            ch.pipeline().addLast(streams.get());
          }
        });
    if (settings.segments() > 0) {
      builder.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
          EpollQuicUtils.newSegmentedAllocator(settings.segments()));
    }
    server = bind(serverIo, builder.build());
    client = bind(clientIo, common(new QuicClientCodecBuilder(), settings).sslContext(clientTls).build());
    var connect = QuicChannel.newBootstrap(client).handler(new Nothing()).streamHandler(new Nothing())
        .remoteAddress(road.apply((InetSocketAddress) server.localAddress()));
    if (settings.segments() > 0) {
      connect.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
          EpollQuicUtils.newSegmentedAllocator(settings.segments()));
    }
    connection = connect.connect().get(10, TimeUnit.SECONDS);
  }

  private static Channel bind(Io io, ChannelHandler codec) throws Exception {
    Bootstrap bootstrap = new Bootstrap().group(io.loops()).channel(io.udp()).option(ChannelOption.SO_RCVBUF, 4 << 20)
        .option(ChannelOption.SO_SNDBUF, 4 << 20)
        .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536).maxMessagesPerRead(16)).handler(codec);
    if (io.epoll()) {
      bootstrap.option(EpollChannelOption.UDP_GRO, true);
    }
    return bootstrap.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).sync().channel();
  }

  private static <B extends QuicCodecBuilder<B>> B common(B builder, EndpointSettings settings) {
    return builder.maxIdleTimeout(30, TimeUnit.SECONDS).initialMaxData(settings.window())
        .initialMaxStreamDataBidirectionalLocal(settings.streamWindow())
            .initialMaxStreamDataBidirectionalRemote(settings.streamWindow())
        .initialMaxStreamsBidirectional(settings.streams()).activeMigration(false).maxRecvUdpPayloadSize(1_500)
        .maxSendUdpPayloadSize(settings.packetSize()).datagram(128, 128)
        .congestionControlAlgorithm(QuicCongestionControlAlgorithm.valueOf(settings.congestion().name()
            .toUpperCase(java.util.Locale.ROOT)));
  }

  public QuicChannel connection() {
    return connection;
  }

  /** The server's side of the connection. */
  public QuicChannel accepted() throws Exception {
    return accepted.get(10, TimeUnit.SECONDS);
  }

  public QuicStreamChannel openStream() throws Exception {
    return connection.createStream(QuicStreamType.BIDIRECTIONAL, new Nothing()).get(10, TimeUnit.SECONDS);
  }

  /** Sends one stream of this many bytes, as fast as it goes. */
  public void send(long bytes, ByteBuf chunk) throws Exception {
    connection.createStream(QuicStreamType.BIDIRECTIONAL, new Sender(bytes, chunk)).get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    connection.close().syncUninterruptibly();
    client.close().syncUninterruptibly();
    server.close().syncUninterruptibly();
  }

  private static final class Sender extends ChannelInboundHandlerAdapter {

    private final ByteBuf chunk;
    private long left;

    Sender(long bytes, ByteBuf chunk) {
      this.left = bytes;
      this.chunk = chunk;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      pump(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      pump(ctx);
    }

    private void pump(ChannelHandlerContext ctx) {
      while (left > 0 && ctx.channel().isWritable()) {
        int n = (int) Math.min(left, chunk.readableBytes());
        left -= n;
        ByteBuf next = chunk.retainedSlice(0, n);
        ctx.write(left == 0 ? new DefaultQuicStreamFrame(next, true) : next);
      }
    }
  }

  private static final class Count extends ChannelInboundHandlerAdapter {

    private final LongConsumer received;

    Count(LongConsumer received) {
      this.received = received;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      received.accept(((ByteBuf) msg).readableBytes());
      ((ByteBuf) msg).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == io.netty.channel.socket.ChannelInputShutdownReadComplete.INSTANCE) {
        ctx.write(io.netty.incubator.codec.quic.QuicStreamFrame.EMPTY_FIN);
      }
    }
  }

  @ChannelHandler.Sharable
  private final class Accepted extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      accepted.complete((QuicChannel) ctx.channel());
      ctx.fireChannelActive();
    }
  }

  @ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
