package io.weft.transport.quic.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.incubator.codec.quic.DefaultQuicStreamFrame;
import io.netty.incubator.codec.quic.QuicChannel;
import io.netty.incubator.codec.quic.QuicStreamChannel;
import io.netty.incubator.codec.quic.QuicStreamFrame;
import io.netty.incubator.codec.quic.QuicStreamType;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.transport.quic.QuicNode;
import io.weft.transport.quic.UdpRelay;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the codec does wrong when nobody guards it: the reason for each guard of the transport. A test here that fails says that
 * the codec was mended, and that its guard may go.
 */
class CodecFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofSeconds(5);
  private static final FakeIdentity A = new FakeIdentity("test", "a");

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable UdpRelay relay;

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private BareQuic bare(EndpointSettings settings, Supplier<ChannelHandler> streams, boolean relayed) throws Exception {
    return bare(settings, streams, relayed, Duration.ZERO);
  }

  private BareQuic bare(EndpointSettings settings, Supplier<ChannelHandler> streams, boolean relayed, Duration delay)
      throws Exception {
    QuicNode.OwnIo near = new QuicNode.OwnIo(true, "bare-near");
    open.push(near);
    QuicNode.OwnIo far = new QuicNode.OwnIo(true, "bare-far");
    open.push(far);
    UnaryOperator<InetSocketAddress> road = to -> {
      if (!relayed) {
        return to;
      }
      try {
        relay = new UdpRelay(to, 0, delay, 7);
        open.push(relay);
        return relay.address();
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
    };
    BareQuic bare = new BareQuic(settings, A.keyManager(), near, far, streams, road);
    open.push(bare);
    return bare;
  }

  private static EndpointSettings settings(long window, long streamWindow, long streams) {
    return new EndpointSettings(1350, false, CongestionControl.cubic, window, streamWindow, streams, 0, 128);
  }

  private static ByteBuf bytes(int n) {
    return Unpooled.directBuffer(n).writeZero(n);
  }

  private static long received(BareQuic bare) throws Exception {
    return bare.accepted().collectStats().get().recvBytes();
  }

  private static boolean never(Duration patience, Callable<Boolean> condition) {
    try {
      Await.until("what must not happen", patience, condition);
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  /** Guard: windows so large that no MAX_DATA is ever needed; slow readers are the mesh's business. */
  @Test
  void aLostMaxDataIsNeverSentAgain() throws Exception {
    int window = 64 * 1024;
    OnDemand reader = new OnDemand();
    BareQuic bare = bare(settings(window, 1 << 20, 8), () -> reader, true);
    bare.send(10 * window, Unpooled.wrappedBuffer(new byte[window]));
    Await.until("a full window", SOON, () -> {
      long before = received(bare);
      return before > window && never(Duration.ofMillis(200), () -> received(bare) != before);
    });
    relay.cutBack(true);
    Await.until("the reader to have it all", SOON, () -> {
      reader.read();
      return reader.count.get() == window;
    });
    Await.until("the loss", SOON, () -> relay.lost() > 0);
    relay.cutBack(false);
    assertThat(never(NEVER, () -> {
      reader.read();
      return reader.count.get() > window;
    })).as("never goes on").isTrue();
    assertThat(bare.connection().isActive()).isTrue();
  }

  /** Guard: streams without limit for the codec, counted by {@code LinkStreams}. */
  @Test
  void aLostMaxStreamsIsNeverSentAgain() throws Exception {
    BareQuic bare = bare(settings(1L << 40, 1L << 40, 1), EndingStreams::new, true);
    QuicStreamChannel only = bare.openStream();
    CountDownLatch closed = new CountDownLatch(1);
    // In the turn of the loop in which the end arrives, before it is acknowledged; then the peer says that there is room again.
    only.closeFuture().addListener(f -> {
      relay.cutBack(true);
      closed.countDown();
    });
    only.pipeline().addLast(new EndingStreams());
    only.writeAndFlush(new DefaultQuicStreamFrame(bytes(10), true));
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    Await.until("the loss", SOON, () -> relay.lost() > 0);
    relay.cutBack(false);
    assertThat(never(NEVER, () -> {
      var next = bare.connection().createStream(QuicStreamType.BIDIRECTIONAL, new EndingStreams());
      return next.await(10, TimeUnit.SECONDS) && next.isSuccess();
    })).as("never opens another").isTrue();
    assertThat(bare.connection().isActive()).isTrue();
  }

  /** Guard: {@code StreamAdapter.write} gives each end a byte to carry. */
  @Test
  void anEndAloneInALostPacketIsNeverSentAgain() throws Exception {
    EndingFirst far = new EndingFirst();
    BareQuic bare = bare(settings(1L << 40, 1L << 40, 8), () -> far, true, Duration.ofMillis(100));
    QuicStreamChannel stream = bare.openStream();
    stream.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    AtomicInteger ended = new AtomicInteger();
    stream.pipeline().addLast(new Counting(new AtomicLong(), ended));
    stream.writeAndFlush(bytes(100));
    Await.until("the other end", SOON, () -> ended.get() == 1);
    stream.writeAndFlush(bytes(100));
    Await.until("the rest", SOON, () -> far.arrived.get() == 200);
    // All bytes are there, and the news of that is on its way, when the end gets lost.
    relay.cutOut(true);
    stream.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
    Await.until("the loss", SOON, () -> relay.lost() > 0);
    relay.cutOut(false);
    assertThat(never(NEVER, () -> far.ends.get() > 0)).as("never comes").isTrue();
    assertThat(bare.connection().isActive()).isTrue();
  }

  /** Guard: {@code StreamAdapter.write} sends the end as a frame behind what is queued. */
  @Test
  void shutdownOutputLosesWhatIsQueued() throws Exception {
    AtomicLong arrived = new AtomicLong();
    AtomicInteger ends = new AtomicInteger();
    BareQuic bare = bare(settings(1L << 40, 1L << 40, 8), () -> new Counting(arrived, ends), false);
    QuicStreamChannel stream = bare.openStream();
    int size = 8 << 20;
    stream.eventLoop().execute(() -> {
      stream.write(bytes(size));
      stream.shutdownOutput();
    });
    Await.until("the end", SOON, () -> ends.get() == 1);
    assertThat(arrived.get()).isLessThan(size);
  }

  /** Guard: {@code DatagramQueue} never gives the codec more than it has room for. */
  @Test
  void aFullDatagramQueueSwallowsEverythingAndSaysItWasSent() throws Exception {
    AtomicLong through = new AtomicLong();
    BareQuic bare = bare(settings(1L << 40, 1L << 40, 8), () -> new Counting(through, new AtomicInteger()), false);
    AtomicInteger arrived = new AtomicInteger();
    bare.accepted().pipeline().addFirst(new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (msg instanceof ByteBuf datagram) {
          arrived.incrementAndGet();
          datagram.release();
        } else {
          ctx.fireChannelRead(msg);
        }
      }
    });
    int count = 3_000;
    AtomicInteger sent = new AtomicInteger();
    QuicChannel connection = bare.connection();
    connection.eventLoop().execute(() -> {
      for (int i = 0; i < count; i++) {
        connection.write(bytes(1_000)).addListener(f -> sent.addAndGet(f.isSuccess() ? 1 : 0));
      }
      connection.flush();
    });
    Await.until("all written", SOON, () -> sent.get() == count);
    // What is still queued goes out before this does.
    bare.send(1_000_000, Unpooled.wrappedBuffer(new byte[65_536]));
    Await.until("the stream behind", SOON, () -> through.get() == 1_000_000);
    assertThat(arrived.get()).isPositive().isLessThan(count);
  }

  /** Guard: streams are cut by signals and end with their end of stream, see {@code LinkSignals}. */
  @Test
  void aStreamThatWasResetIsNeverForgotten() throws Exception {
    AtomicInteger ends = new AtomicInteger();
    BareQuic bare = bare(settings(1L << 40, 1L << 40, 1_000_000), () -> new Counting(new AtomicLong(), ends), false);
    int count = 100;
    List<QuicStreamChannel> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      QuicStreamChannel stream = bare.openStream();
      streams.add(stream);
      stream.writeAndFlush(bytes(10)).sync();
    }
    Await.until("the streams", SOON, () -> known(bare.accepted()) == count);
    for (QuicStreamChannel stream : streams) {
      stream.shutdown(7).sync();
      stream.close().sync();
    }
    Await.until("the resets", SOON, () -> ends.get() == count);
    assertThat(known(bare.accepted())).as("stream channels that the codec still keeps").isEqualTo(count);
  }

  private static int known(QuicChannel channel) throws Exception {
    Field streams = channel.getClass().getDeclaredField("streams");
    streams.setAccessible(true);
    return channel.eventLoop().submit(() -> ((Map<?, ?>) streams.get(channel)).size()).get(10, TimeUnit.SECONDS);
  }

  /** Reads when it is told to. */
  @ChannelHandler.Sharable
  private static final class OnDemand extends ChannelInboundHandlerAdapter {

    private final AtomicLong count = new AtomicLong();
    private volatile @Nullable ChannelHandlerContext context;

    void read() {
      context.read();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.channel().config().setAutoRead(false);
      context = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      count.addAndGet(((ByteBuf) msg).readableBytes());
      ((ByteBuf) msg).release();
    }
  }

  private static final class Counting extends ChannelInboundHandlerAdapter {

    private final AtomicLong arrived;
    private final AtomicInteger ends;

    Counting(AtomicLong arrived, AtomicInteger ends) {
      this.arrived = arrived;
      this.ends = ends;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      arrived.addAndGet(((ByteBuf) msg).readableBytes());
      ((ByteBuf) msg).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
        ends.incrementAndGet();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ends.incrementAndGet();
      ctx.close();
    }
  }

  /** Ends its direction when the first bytes come. */
  private static final class EndingFirst extends ChannelInboundHandlerAdapter {

    private final AtomicLong arrived = new AtomicLong();
    private final AtomicInteger ends = new AtomicInteger();

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
      ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      arrived.addAndGet(((ByteBuf) msg).readableBytes());
      ((ByteBuf) msg).release();
      ctx.writeAndFlush(QuicStreamFrame.EMPTY_FIN);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
        ends.incrementAndGet();
      }
    }
  }

  /** Answers the end of a stream with its own. */
  private static final class EndingStreams extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
      ((ByteBuf) msg).release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
      if (event == ChannelInputShutdownReadComplete.INSTANCE) {
        ctx.write(QuicStreamFrame.EMPTY_FIN);
      }
    }
  }
}
