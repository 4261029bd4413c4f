package io.weft.itests.bench.quic;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.incubator.codec.quic.EpollQuicUtils;
import io.netty.incubator.codec.quic.InsecureQuicTokenHandler;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicCodecBuilder;
import io.netty.incubator.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslContextBuilder;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamType;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;

/**
 * {@code BareQuic server ADDRESS PORT PACKET KEYSTORE} takes streams, counts, and answers each with bytes and nanoseconds;
 * {@code BareQuic client ADDRESS PORT PACKET} reads seconds from its standard input, one number per line, sends for that long on one stream
 * and prints what the server answered.
 */
public final class BareQuic {

  public static final String PASSWORD = "benchmark";

  private static final String PROTOCOL = "bench";
  private static final int SEGMENTS = 20;
  private static final int SOCKET_BUFFER = 4 << 20;
  private static final int READ_SIZE = 65_536;
  private static final long WINDOW = 1L << 60;

  private BareQuic() {}

  public static void main(String[] args) throws Exception {
    InetSocketAddress address = new InetSocketAddress(args[1], Integer.parseInt(args[2]));
    int packet = Integer.parseInt(args[3]);
    if (args[0].equals("server")) {
      serve(address, packet, Path.of(args[4]));
    } else {
      send(address, packet);
    }
  }

  private static void serve(InetSocketAddress address, int packet, Path keyStore) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore)) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    QuicServerCodecBuilder builder = common(new QuicServerCodecBuilder(), packet)
        .sslContext(QuicSslContextBuilder.forServer(keys, PASSWORD).applicationProtocols(PROTOCOL).build())
        .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
        .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, EpollQuicUtils.newSegmentedAllocator(SEGMENTS))
        .handler(new Nothing())
        .streamOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(65_536))
        .streamHandler(new ChannelInitializer<QuicStreamChannel>() {
          @Override
          protected void initChannel(QuicStreamChannel stream) {
            stream.pipeline().addLast(new Receiver());
          }
        });
    bind(builder.build(), address);
    System.out.println("listening");
  }

  private static void send(InetSocketAddress address, int packet) throws Exception {
    ChannelHandler codec = common(new QuicClientCodecBuilder(), packet)
        .sslContext(QuicSslContextBuilder.forClient().trustManager(InsecureTrustManagerFactory.INSTANCE).applicationProtocols(PROTOCOL).build())
        .build();
    QuicChannelBootstrap bootstrap = QuicChannel.newBootstrap(bind(codec, new InetSocketAddress(0)))
        .option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR, EpollQuicUtils.newSegmentedAllocator(SEGMENTS))
        .handler(new Nothing())
        .streamHandler(new Nothing())
        .remoteAddress(address);
    QuicChannel connection = bootstrap.connect().get(10, TimeUnit.SECONDS);
    System.out.println("connected");
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Sender sender = new Sender(Integer.parseInt(line));
      connection.createStream(QuicStreamType.BIDIRECTIONAL, sender).get();
      System.out.println(sender.answer().get(2, TimeUnit.MINUTES));
    }
    System.exit(0);
  }

  private static Channel bind(ChannelHandler codec, InetSocketAddress address) throws InterruptedException {
    EventLoopGroup group = new EpollEventLoopGroup(1);
    return new Bootstrap()
        .group(group)
        .channel(EpollDatagramChannel.class)
        .handler(codec)
        .option(ChannelOption.SO_RCVBUF, SOCKET_BUFFER)
        .option(ChannelOption.SO_SNDBUF, SOCKET_BUFFER)
        // As our transport reads where packets do not come joined, which on this wire they never do.
        .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, READ_SIZE)
        .option(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(32 * READ_SIZE).maxMessagesPerRead(256))
        .bind(address)
        .sync()
        .channel();
  }

  private static <B extends QuicCodecBuilder<B>> B common(B builder, int packet) {
    return builder
        .maxIdleTimeout(10, TimeUnit.MINUTES)
        .initialMaxData(WINDOW)
        .initialMaxStreamDataBidirectionalLocal(WINDOW)
        .initialMaxStreamDataBidirectionalRemote(WINDOW)
        .initialMaxStreamsBidirectional(1000)
        .activeMigration(false)
        .maxRecvUdpPayloadSize(Math.max(1_500, packet))
        .maxSendUdpPayloadSize(packet)
        .congestionControlAlgorithm(QuicCongestionControlAlgorithm.BBR);
  }

  @ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
