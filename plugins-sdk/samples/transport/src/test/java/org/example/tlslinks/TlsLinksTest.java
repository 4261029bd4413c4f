package org.example.tlslinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.weft.support.trust.PeerTrust;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeLinkHandler;
import io.weft.testkit.RealTime;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strangers and members may send, and what the table may say. */
class TlsLinksTest {

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final FakeIdentity A = new FakeIdentity("test", "a");
  private static final FakeIdentity B = new FakeIdentity("test", "b");

  private final FakeIo io = new FakeIo(2);
  private final RealTime time = new RealTime();
  private final List<FakeLinkHandler> accepted = new CopyOnWriteArrayList<>();
  private TlsEndpoint b;

  @BeforeEach
  void open() throws Exception {
    b = new TlsEndpoint(B, io, time);
    b.transport().accept(new LinkLimits(8, Duration.ofSeconds(10), Duration.ofSeconds(30), 16), new LinkAcceptor() {
      @Override
      public Optional<io.weft.node.PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        FakeLinkHandler handler = new FakeLinkHandler().on(link);
        accepted.add(handler);
        return handler;
      }
    });
  }

  @AfterEach
  void close() {
    b.close();
    io.close();
    time.close();
  }

  @Test
  void whoDoesNotSpeakTlsIsCutOffAndNoLink() throws Exception {
    for (byte[] nonsense : new byte[][] {"GET / HTTP/1.1\r\n\r\n".getBytes(), new byte[100]}) {
      try (Socket socket = new Socket(b.address().getAddress(), b.address().getPort())) {
        socket.setSoTimeout((int) SOON.toMillis());
        socket.getOutputStream().write(nonsense);
        socket.getInputStream().readAllBytes(); // it ends
      }
    }
    assertThat(accepted).isEmpty();
  }

  /** What a member sends that is out of its mind: its own link ends, and that is all. */
  @Test
  void aMemberThatBreaksTheRulesLosesItsLink() throws Exception {
    for (byte[] bad : List.of(frame(9, 0, new byte[0]), frame(Frames.RESET, 0, new byte[3]), frame(Frames.CLOSE, 0, new byte[] {9, 'x'}),
        new byte[] {2, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 1})) {
      int before = accepted.size();
      send(bad);
      Await.until("the link to end", SOON, () -> accepted.size() > before && accepted.get(before).end() != null);
      assertThat(accepted.get(before).end().reason().code()).isEqualTo("protocol");
    }
  }

  @Test
  void aMemberMayNotOpenMoreStreamsThanItWasTold() throws Exception {
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i <= 8; i++) {
      all.writeBytes(frame(Frames.DATA, 2 * i, new byte[] {1}));
    }
    byte[] nine = new byte[all.readableBytes()];
    all.readBytes(nine);
    send(nine);
    Await.until("the link to end", SOON, () -> accepted.size() == 1 && accepted.get(0).end() != null);
    assertThat(accepted.get(0).end().reason().code()).isEqualTo("protocol");
    assertThat(accepted.get(0).streams()).hasSize(8);
  }

  @Test
  void randomFramesDoNoHarm() throws Exception {
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < 40; i++) {
      byte[] noise = new byte[2_000];
      random.nextBytes(noise);
      for (int at = 0; at + 11 < noise.length; at += 31) {
        System.arraycopy(frame(random.nextInt(10), random.nextInt(6), new byte[0]), 0, noise, at, 9);
        noise[at + 9] = 0;
        noise[at + 10] = 20;
      }
      int before = accepted.size();
      send(noise);
      Await.until("the link to end", SOON, () -> accepted.size() > before && accepted.get(before).end() != null);
    }
    assertThat(accepted).allSatisfy(handler -> assertThat(handler.violations()).isEmpty());
  }

  @Test
  void aTableThatIsWrongIsSaidAtTheStart() {
    for (String[] bad : new String[][] {{"b"}, {"b=host.example:1"}, {"B!=192.0.2.7:1"}, {"b=192.0.2.7:1", "b=192.0.2.8:1"}}) {
      assertThatThrownBy(() -> NodeTable.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(NodeTable.parse(new String[] {"b=[2001:db8::7]:7460"}).of("b")).hasValueSatisfying(
        address -> assertThat(address.getPort()).isEqualTo(7460));
  }

  private static byte[] frame(int type, long stream, byte[] payload) {
    byte[] bytes = new byte[11 + payload.length];
    Unpooled.wrappedBuffer(bytes).clear().writeByte(type).writeLong(stream).writeShort(payload.length).writeBytes(payload);
    return bytes;
  }

  /** As a, after a proper greeting; then the connection is closed. */
  private void send(byte[] bytes) throws Exception {
    PeerTrust trust = PeerTrust.in(B.self(), "test", time);
    Consumer<ChannelHandlerContext> greeted = context -> {
      context.write(Frames.number(context.alloc(), Frames.READY, 0, 8));
      context.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener(sent -> context.close());
    };
    Channel channel = new Bootstrap().group(io.loops()).channel(io.tcp()).handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel made) {
        made.pipeline().addLast(Tls.handler(true, A, trust), new SimpleChannelInboundHandler<ByteBuf>() {
          @Override
          public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
              greeted.accept(context);
            }
          }

          @Override
          protected void channelRead0(ChannelHandlerContext context, ByteBuf message) {
            // what b says is of no interest here
          }
        });
      }
    }).connect(b.address()).sync().channel();
    channel.closeFuture().await(SOON.toMillis());
  }
}
