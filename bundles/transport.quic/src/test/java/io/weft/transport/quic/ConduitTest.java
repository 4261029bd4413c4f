package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeLinkHandler;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A link whose way to the peer is moved, framed, taken away and given back. */
class ConduitTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");
  private static final long SIZE = 16L << 20;

  private final List<AutoCloseable> resources = new ArrayList<>();
  private final List<FakeLinkHandler> accepted = new CopyOnWriteArrayList<>();
  private final List<BothWays> answers = new CopyOnWriteArrayList<>();
  private final QuicNode near = opened(new QuicNode(A));
  private final Conduit out = near.transport().conduit();
  private QuicNode far;
  private Conduit in;

  @AfterEach
  void close() throws Exception {
    for (int i = resources.size(); i-- > 0;) {
      resources.get(i).close();
    }
  }

  private <T extends AutoCloseable> T opened(T resource) {
    resources.add(resource);
    return resource;
  }

  private void far(QuicNode.Config config) {
    far = opened(new QuicNode(B, config, true, Tuning.GUARDED));
    in = far.transport().conduit();
    far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        FakeLinkHandler handler = new FakeLinkHandler(stream -> {
          answers.add(new BothWays(SIZE).answering(stream));
          return answers.get(answers.size() - 1);
        });
        accepted.add(handler.on(link));
        return handler;
      }
    });
  }

  private static PathInfo info(String address) {
    return new PathInfo("udp", PathType.direct, CandidateKind.host, CandidateKind.prflx, address);
  }

  private Link dial(LinkLimits limits, LinkHandler handler) throws Exception {
    // A path shows what it likes; a link over a conduit shows what the conduit does.
    Path path = new UdpPath(out.address(), CandidateKind.host);
    return near.transport().open(B.self(), path, limits, handler).get(20, TimeUnit.SECONDS);
  }

  private Link dial() throws Exception {
    return dial(LinkLimits.DEFAULT, new FakeLinkHandler());
  }

  private UdpRelay relay() throws Exception {
    return opened(new UdpRelay(far.address(), 0, Duration.ZERO, 1));
  }

  /** What a check of the connectivity would lead to at both sides. */
  private void lead(UdpRelay relay, String name) {
    in.admit(relay.backAddress());
    in.sendTo(relay.backAddress(), info(name));
    out.admit(relay.address());
    out.sendTo(relay.address(), info(name));
    settle();
  }

  /** What was said of conduits is done on the loops: no packet may be faster. */
  private void settle() {
    far.transport().loop().submit(() -> {}).syncUninterruptibly();
    near.transport().loop().submit(() -> {}).syncUninterruptibly();
  }

  private BothWays transfer(Link link) {
    BothWays transfer = new BothWays(SIZE);
    transfer.start(link);
    Await.until("a quarter", SOON, () -> transfer.received() > SIZE / 4);
    return transfer;
  }

  private void isWhole(BothWays transfer) throws Exception {
    BothWays answer = answers.get(answers.size() - 1);
    Await.until("all of it", Duration.ofSeconds(60), () -> transfer.isWhole() && answer.isWhole());
    assertThat(transfer.sha()).isEqualTo(transfer.expectedSha());
    assertThat(answer.sha()).isEqualTo(transfer.expectedSha());
    assertThat(transfer.violations()).isEmpty();
    assertThat(answer.violations()).isEmpty();
  }

  @Test
  void keepsStreamsThroughMoves() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    UdpRelay first = relay();
    UdpRelay second = relay();
    lead(first, "first");
    Link link = dial();
    assertThat(link.path()).isEqualTo(info("first"));
    assertThat(accepted.get(0).link().path()).isEqualTo(info("first"));
    assertThat(second.passed()).isZero();

    BothWays transfer = transfer(link);
    lead(second, "second");
    assertThat(link.path()).isEqualTo(info("second"));
    assertThat(accepted.get(0).link().path()).isEqualTo(info("second"));
    Await.until("half", SOON, () -> transfer.received() > SIZE / 2);
    assertThat(second.passed()).isPositive();
    first.cut(true);
    long before = first.lost();
    isWhole(transfer);
    assertThat(first.lost() - before).as("packets that still took the old way").isLessThan(200);
    assertThat(link.stats().lastReceivedNanos()).isGreaterThan(0);
    assertThat(out.lastReceivedNanos()).isGreaterThanOrEqualTo(link.stats().lastReceivedNanos());
  }

  @Test
  void takesPacketsOnlyFromWhereItWasTold() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    UdpRelay relay = relay();
    lead(relay, "known");
    Link link = dial();
    relay.moveBack();
    LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
    Await.until("the drop", SOON, () -> far.transport().counters().get("packets_dropped_other_source") > 0);
    assertThat(accepted.get(0).datagrams()).isEmpty();
    assertThat(in.lastReceivedNanos()).isPositive();

    in.admit(relay.backAddress());
    settle();
    Await.until("datagrams from the new source", SOON, () -> {
      LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
      return accepted.get(0).datagrams().size() >= 5;
    });
    // What goes back still goes where it was told.
    in.sendTo(relay.backAddress(), info("moved"));
    isWhole(transfer(link));
  }

  @Test
  void leadsNowhereUntilItIsToldWhere() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    assertThat(out.lastReceivedNanos()).isEqualTo(Long.MIN_VALUE);
    LinkLimits impatient = new LinkLimits(8, Duration.ofMillis(300), Duration.ofSeconds(30), 128);
    assertThatThrownBy(() -> dial(impatient, new FakeLinkHandler())).rootCause().isInstanceOf(HandshakeFailed.class);
    assertThat(near.transport().counters().get("packets_unsent")).isPositive();
    UdpRelay relay = relay();
    lead(relay, "somewhere");
    dial();
    assertThatThrownBy(() -> out.sendTo(in.address(), info("a loop"))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> out.admit(in.address())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void carriesPacketsInFrames() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    AtomicInteger together = new AtomicInteger();
    AtomicInteger framed = new AtomicInteger();
    frames(near, out, far.address(), together, framed);
    frames(far, in, near.address(), together, framed);
    Link link = dial();
    isWhole(transfer(link));
    assertThat(framed.get()).isGreaterThan((int) (2 * SIZE / 1_350));
    assertThat(together.get()).as("packets given at once").isGreaterThan(1);
    assertThat(link.path()).isEqualTo(info("framed"));
    assertThat(link.stats().packetsLost()).isLessThan(framed.get() / 10);
    assertThat(in.lastReceivedNanos()).isPositive();

    // From the frames to a plain address and back, in the middle of it.
    BothWays transfer = transfer(link);
    UdpRelay relay = relay();
    lead(relay, "plain");
    Await.until("half", SOON, () -> transfer.received() > SIZE / 2);
    assertThat(relay.passed()).isPositive();
    out.sendThrough(carrier(near, far.address(), together), info("framed"));
    in.sendThrough(carrier(far, near.address(), together), info("framed"));
    isWhole(transfer);
  }

  private void frames(QuicNode node, Conduit conduit, InetSocketAddress to, AtomicInteger together, AtomicInteger framed) {
    conduit.sendThrough(carrier(node, to, together), info("framed"));
    Registration claim = node.transport().claim(to, (packet, from) -> {
      if (packet.getUnsignedShort(packet.readerIndex()) != 0x4001) {
        return false;
      }
      framed.incrementAndGet();
      int size = packet.getUnsignedShort(packet.readerIndex() + 2);
      conduit.received(packet.retainedSlice(packet.readerIndex() + 4, size));
      return true;
    });
    resources.add(claim::close);
  }

  /** Four bytes before each packet, as a relay's channel has them. */
  private static Conduit.Carrier carrier(QuicNode node, InetSocketAddress to, AtomicInteger together) {
    return (packets, segmentSize) -> {
      ByteBuf frames = Unpooled.directBuffer(packets.readableBytes() * 2);
      int count = 0;
      while (packets.isReadable()) {
        int size = Math.min(segmentSize, packets.readableBytes());
        frames.writeShort(0x4001).writeShort(size).writeBytes(packets, size);
        count++;
      }
      together.accumulateAndGet(count, Math::max);
      packets.release();
      node.transport().send(frames, segmentSize + 4, to);
    };
  }

  @Test
  void survivesACarrierThatFails() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    UdpRelay relay = relay();
    lead(relay, "plain");
    Link link = dial();
    out.sendThrough((packets, size) -> {
      packets.release();
      throw new IllegalStateException("thrown on purpose");
    }, info("broken"));
    Await.until("lost packets", SOON, () -> {
      LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
      return near.transport().counters().get("packets_unsent") >= 3;
    });
    lead(relay, "plain again");
    isWhole(transfer(link));
  }

  @Test
  void asksNoProofOfAnAddressThatWasChecked() throws Exception {
    far(QuicNode.Config.LOOPBACK.handshakes(256, 0, 10_000));
    lead(relay(), "checked");
    dial();
    assertThat(far.transport().counters()).containsEntry("handshakes_retried", 0L).containsEntry("handshakes_started", 1L);
    assertThat(accepted.get(0).link().path()).isEqualTo(info("checked"));
  }

  @Test
  void asksProofOfAnAddressThatWasOnlyGuessed() throws Exception {
    far(QuicNode.Config.LOOPBACK.handshakes(256, 0, 10_000));
    UdpRelay relay = relay();
    out.sendTo(relay.address(), info("guessed"));
    in.sendTo(relay.backAddress(), info("guessed"));
    settle();
    dial();
    assertThat(far.transport().counters()).containsEntry("handshakes_retried", 1L).containsEntry("tokens_refused", 0L);
    assertThat(accepted.get(0).link().path()).isEqualTo(info("guessed"));
  }

  @Test
  void leadsNowhereWhenItIsClosed() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    lead(relay(), "known");
    LinkLimits impatient = new LinkLimits(8, Duration.ofSeconds(5), Duration.ofMillis(800), 128);
    FakeLinkHandler handler = new FakeLinkHandler();
    dial(impatient, handler);
    int listed = near.onLoop(() -> near.transport().conduits().main().listed());
    assertThat(listed).isEqualTo(1);
    out.close();
    out.close();
    out.admit(far.address());
    out.sendTo(far.address(), info("too late"));
    assertThat((int) near.onLoop(() -> near.transport().conduits().main().listed())).isZero();
    assertThat((int) near.onLoop(() -> near.transport().conduits().size())).isZero();
    Await.until("the end", SOON, () -> handler.end() != null);
    assertThat(handler.end().reason().code()).isEqualTo("idle_timeout");
    assertThatThrownBy(this::dial).rootCause()
        .isInstanceOfSatisfying(HandshakeFailed.class, e -> assertThat(e.reason().code()).isEqualTo("unreachable"));
    ByteBuf late = Unpooled.directBuffer(30).writeByte(0x40).writeZero(29);
    near.onLoop(() -> {
      out.received(late);
      return null;
    });
    assertThat(late.refCnt()).isZero();
    ByteBuf stray = Unpooled.directBuffer(30).writeZero(30);
    assertThatThrownBy(() -> in.received(stray)).isInstanceOf(IllegalStateException.class);
    assertThat(stray.refCnt()).isZero();
    ByteBuf plain = Unpooled.directBuffer(30).writeZero(30);
    near.transport().send(plain, in.address());
    assertThat(plain.refCnt()).isZero();
  }

  @Test
  void givesAnAddressToTheLatestThatAsks() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    Conduit other = far.transport().conduit();
    for (int i = 1; i <= 9; i++) {
      in.admit(new InetSocketAddress("127.0.0.9", i));
    }
    assertThat((int) far.onLoop(() -> far.transport().conduits().main().listed())).isEqualTo(8);
    assertThat(of(1)).isNull();
    assertThat(of(2)).isSameAs(in);
    other.admit(new InetSocketAddress("127.0.0.9", 2));
    assertThat(of(2)).isSameAs(other);
    in.admit(new InetSocketAddress("127.0.0.9", 10));
    assertThat(of(3)).as("the place that the lost one left").isSameAs(in);
    in.sendTo(new InetSocketAddress("127.0.0.9", 3), info("three"));
    in.sendTo(new InetSocketAddress("127.0.0.9", 11), info("eleven"));
    assertThat(of(3)).as("left, but admitted").isSameAs(in);
    in.sendTo(null, info("nowhere"));
    assertThat(of(11)).as("left").isNull();
    in.close();
    assertThat(of(3)).isNull();
    assertThat(of(2)).isSameAs(other);
  }

  private Object of(int port) throws Exception {
    return far.onLoop(() -> far.transport().conduits().main().of(new InetSocketAddress("127.0.0.9", port)));
  }

  @Test
  void isBounded() throws Exception {
    List<InetSocketAddress> addresses = new ArrayList<>(List.of(out.address()));
    List<Conduit> all = new ArrayList<>();
    for (int i = 1; i < Conduits.MAX; i++) {
      all.add(near.transport().conduit());
      addresses.add(all.get(all.size() - 1).address());
    }
    assertThatThrownBy(() -> near.transport().conduit()).isInstanceOf(IllegalStateException.class);
    assertThat(addresses).doesNotHaveDuplicates();
    assertThat(addresses.stream().map(a -> a.getAddress().getHostAddress().replaceAll("[.][0-9]+$", "")))
        .as("networks").doesNotHaveDuplicates();
    all.get(7).close();
    near.onLoop(() -> null);
    InetSocketAddress next = near.transport().conduit().address();
    assertThat(addresses).doesNotContain(next);
    near.transport().close();
    assertThatThrownBy(() -> near.transport().conduit()).isInstanceOf(IllegalStateException.class);
    assertThat(near.transport().conduits().size()).isZero();
  }

  @Test
  void outlivesThePort() throws Exception {
    far(QuicNode.Config.LOOPBACK);
    lead(relay(), "known");
    FakeLinkHandler handler = new FakeLinkHandler();
    dial(LinkLimits.DEFAULT, handler);
    InetSocketAddress before = out.address();
    near.transport().modified(QuicNode.Config.LOOPBACK.on("127.0.0.2:0"));
    Await.until("the end of the link", SOON, () -> handler.end() != null);
    Await.until("the port", SOON, () -> !near.transport().local().isEmpty());
    UdpRelay other = relay();
    lead(other, "after");
    isWhole(transfer(dial()));
    assertThat(out.address()).isSameAs(before);
  }
}
