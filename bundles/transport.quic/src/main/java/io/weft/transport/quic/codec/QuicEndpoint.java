package io.weft.transport.quic.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.incubator.codec.quic.EpollQuicUtils;
import io.netty.incubator.codec.quic.Quic;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicChannelBootstrap;
import io.netty.incubator.codec.quic.QuicChannelOption;
import io.netty.incubator.codec.quic.QuicClientCodecBuilder;
import io.netty.incubator.codec.quic.QuicCodecBuilder;
import io.netty.incubator.codec.quic.QuicCongestionControlAlgorithm;
import io.netty.incubator.codec.quic.QuicConnectionAddress;
import io.netty.incubator.codec.quic.QuicConnectionIdGenerator;
import io.netty.incubator.codec.quic.QuicServerCodecBuilder;
import io.netty.incubator.codec.quic.QuicSslEngine;
import io.netty.incubator.codec.quic.QuicTokenHandler;
import io.netty.incubator.codec.quic.SegmentedDatagramPacketAllocator;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The QUIC codec of one UDP port, in both roles. Its two handlers belong into the port's pipeline, the server's first. On the
 * port's loop.
 */
public final class QuicEndpoint {

  /**
   * Length of all connection ids that are made here. The codec writes transport parameters into 128 bytes and refuses the
   * connection if they need more. With windows as large as ours, both ids of a Retry and the longest id that a peer may choose,
   * 16 is what fits.
   */
  public static final int ID_LENGTH = 16;

  private static final int RECEIVE_MAX = 1_500;
  // The signals of our peers need no more; four bytes rather than eight in the parameters.
  private static final long ONE_WAY_WINDOW = (1 << 30) - 1;
  private static final int RESET_TOKEN_LENGTH = 16;
  /**
   * Packets that may be in flight before anything is known of the path; and, which counts more, below which bbr never goes. The
   * customary 10 leaves little where much is lost; 64 was no better than 32 (docs/results.md).
   */
  private static final int INITIAL_WINDOW = 32;
  private static final AttributeKey<SessionAdapter> SESSION = AttributeKey.valueOf(QuicEndpoint.class, "session");

  private final EndpointSettings settings;
  private final Tls tls;
  private final Acceptance acceptance;
  private final SecureRandom random = new SecureRandom();
  private final ChannelHandler server;
  private final ChannelHandler client;

  public QuicEndpoint(
      EndpointSettings settings,
      X509ExtendedKeyManager keys,
      String protocol,
      Acceptance acceptance,
      ConnectionIds ids,
      TokenPolicy tokens) {
    this.settings = settings;
    this.tls = new Tls(keys, protocol);
    this.acceptance = acceptance;
    this.server = buildServer(ids, tokens);
    this.client = buildClient();
  }

  /** Why the codec cannot run on this machine, or null if it can. */
  public static @Nullable Throwable unavailable() {
    return Quic.isAvailable() ? null : Quic.unavailabilityCause();
  }

  public ChannelHandler server() {
    return server;
  }

  public ChannelHandler client() {
    return client;
  }

  /**
   * Starts a connection. What becomes of it goes to {@code events}.
   *
   * @param id {@link #ID_LENGTH} bytes, by which the port knows the packets that belong to it
   */
  public Session connect(Channel port, InetSocketAddress local, InetSocketAddress peer, byte[] id, SessionEvents events) {
    SessionAdapter session = new SessionAdapter();
    QuicChannelBootstrap bootstrap =
        QuicChannel.newBootstrap(port)
            .attr(SESSION, session)
            .handler(new Arriving(channel -> bind(session, channel, events)))
            .streamHandler(new Unused())
            .localConnectionAddress(new QuicConnectionAddress(id))
            .localAddress(local)
            .remoteAddress(peer)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
    segments(bootstrap::option);
    bootstrap.connect();
    return session;
  }

  private void bind(SessionAdapter session, QuicChannel channel, SessionEvents events) {
    session.bind(channel, events);
    channel.pipeline().addLast(session);
  }

  private ChannelHandler buildServer(ConnectionIds ids, TokenPolicy tokens) {
    QuicServerCodecBuilder builder =
        common(new QuicServerCodecBuilder())
            .sslEngineProvider(this::acceptingEngine)
            .tokenHandler(new Tokens(tokens))
            .connectionIdAddressGenerator(new Ids(ids))
            // Drawn, not derived: the codec would derive ids and tokens from one key, so that an id gives its token away.
            .resetTokenGenerator(id -> drawn(RESET_TOKEN_LENGTH))
            .handler(new Arriving(channel -> channel.pipeline().addLast(channel.attr(SESSION).get())))
            .streamHandler(new Unused());
    segments(builder::option);
    return builder.build();
  }

  private ChannelHandler buildClient() {
    return common(new QuicClientCodecBuilder()).sslEngineProvider(this::dialingEngine).build();
  }

  private QuicSslEngine acceptingEngine(QuicChannel channel) {
    SessionAdapter session = new SessionAdapter();
    channel.attr(SESSION).set(session);
    SessionEvents events = acceptance.incoming((InetSocketAddress) channel.remoteSocketAddress(), session);
    if (events == null) {
      throw new IllegalStateException("nobody wants this connection");
    }
    session.bind(channel, events);
    return remembered(channel, tls.accepting(events, channel.alloc()));
  }

  private QuicSslEngine dialingEngine(QuicChannel channel) {
    return remembered(channel, tls.dialing(channel.attr(SESSION).get().events(), channel.alloc()));
  }

  private QuicSslEngine remembered(QuicChannel channel, QuicSslEngine engine) {
    channel.closeFuture().addListener(closed -> tls.forget(engine));
    return engine;
  }

  private <B extends QuicCodecBuilder<B>> B common(B builder) {
    builder
        // None: links watch for silence themselves, each with its own limit.
        .maxIdleTimeout(0, TimeUnit.MILLISECONDS)
        .initialMaxData(settings.window())
        .initialMaxStreamDataBidirectionalLocal(settings.streamWindow())
        .initialMaxStreamDataBidirectionalRemote(settings.streamWindow())
        .initialMaxStreamDataUnidirectional(ONE_WAY_WINDOW)
        .initialMaxStreamsBidirectional(settings.streams())
        .initialMaxStreamsUnidirectional(1)
        .initialCongestionWindowPackets(INITIAL_WINDOW)
        .activeMigration(false)
        .activeConnectionIdLimit(2)
        .localConnectionIdLength(ID_LENGTH)
        .maxRecvUdpPayloadSize(Math.max(RECEIVE_MAX, settings.packetSize()))
        .maxSendUdpPayloadSize(settings.packetSize())
        .discoverPmtu(settings.discoverMtu())
        .datagram(settings.datagramQueue(), settings.datagramQueue())
        .congestionControlAlgorithm(
            switch (settings.congestion()) {
              case bbr -> QuicCongestionControlAlgorithm.BBR;
              case cubic -> QuicCongestionControlAlgorithm.CUBIC;
              case reno -> QuicCongestionControlAlgorithm.RENO;
            });
    return builder;
  }

  private void segments(OptionSink sink) {
    if (settings.segments() > 0) {
      sink.option(QuicChannelOption.SEGMENTED_DATAGRAM_PACKET_ALLOCATOR,
          EpollQuicUtils.newSegmentedAllocator(settings.segments()));
    }
  }

  private ByteBuffer drawn(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  @FunctionalInterface
  private interface OptionSink {
    void option(ChannelOption<SegmentedDatagramPacketAllocator> option, SegmentedDatagramPacketAllocator value);
  }

  @FunctionalInterface
  private interface Binding {
    void bind(QuicChannel channel);
  }

  @ChannelHandler.Sharable
  private static final class Arriving extends ChannelInitializer<QuicChannel> {

    private final Binding binding;

    Arriving(Binding binding) {
      this.binding = binding;
    }

    @Override
    protected void initChannel(QuicChannel channel) {
      binding.bind(channel);
    }
  }

  /** Streams get their handler when they are accepted; the codec insists on one for those that are not. */
  @ChannelHandler.Sharable
  private static final class Unused extends ChannelInboundHandlerAdapter {}

  private record Ids(ConnectionIds ids) implements QuicConnectionIdGenerator {

    @Override
    public ByteBuffer newId(int length) {
      return ByteBuffer.wrap(ids.first(length));
    }

    @Override
    public ByteBuffer newId(ByteBuffer sibling, int length) {
      return ByteBuffer.wrap(ids.further(bytes(sibling), length));
    }

    @Override
    public ByteBuffer newId(ByteBuffer scid, ByteBuffer dcid, int length) {
      return ByteBuffer.wrap(ids.first(length));
    }

    @Override
    public int maxConnectionIdLength() {
      return ID_LENGTH;
    }

    @Override
    public boolean isIdempotent() {
      return false;
    }
  }

  private record Tokens(TokenPolicy policy) implements QuicTokenHandler {

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress peer) {
      return policy.retry(out, ByteBufUtil.getBytes(dcid), peer);
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress peer) {
      return policy.validate(token, peer);
    }

    @Override
    public int maxTokenLength() {
      return policy.tokenLengthMax();
    }
  }
}
