package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.node.PeerIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.FreshPort;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeLinkHandler;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conduits that lead through another socket than the usual one. */
class FreshPortTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");
  private static final long SIZE = 16L << 20;

  private final List<BothWays> answers = new CopyOnWriteArrayList<>();
  private QuicNode near;
  private QuicNode far;
  private Conduit out;
  private Conduit in;

  @BeforeEach
  void start() {
    near = new QuicNode(A);
    far = new QuicNode(B);
    out = near.transport().conduit();
    in = far.transport().conduit();
    far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        return new FakeLinkHandler(stream -> {
          answers.add(new BothWays(SIZE).answering(stream));
          return answers.get(answers.size() - 1);
        });
      }
    });
  }

  @AfterEach
  void stop() {
    near.close();
    far.close();
  }

  private static FreshPort fresh(QuicNode node) throws Exception {
    return node.transport().fresh().get(10, TimeUnit.SECONDS);
  }

  private static InetSocketAddress address(FreshPort port) {
    return port.local().get(0);
  }

  private static PathInfo info(String address) {
    return new PathInfo("udp", PathType.direct, CandidateKind.host, CandidateKind.prflx, address);
  }

  private Link dial() throws Exception {
    return near.transport()
        .open(B.self(), new UdpPath(out.address(), CandidateKind.host), LinkLimits.DEFAULT, new FakeLinkHandler())
        .get(20, TimeUnit.SECONDS);
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
  }

  private static void stays(QuicNode node, FreshPort port, boolean open) {
    Await.until("the listeners", SOON,
        () -> node.transport().listeners().size() == (open ? 2 : 1) && port.local().isEmpty() != open);
  }

  @Test
  void leadsLinksOfTheSameNode() throws Exception {
    FreshPort nearPort = fresh(near);
    FreshPort farPort = fresh(far);
    assertThat(address(nearPort).getAddress()).isEqualTo(near.address().getAddress());
    assertThat(address(nearPort).getPort()).isNotEqualTo(near.address().getPort());
    out.admit(nearPort, address(farPort));
    out.sendTo(nearPort, address(farPort), info("fresh"));
    in.admit(farPort, address(nearPort));
    in.sendTo(farPort, address(nearPort), info("fresh"));
    Link link = dial();
    assertThat(link.path()).isEqualTo(info("fresh"));
    isWhole(transfer(link));
    assertThat(far.transport().counters().get("packets_dropped_other_source")).isZero();

    // To the usual ports in the middle of it, and back.
    BothWays transfer = transfer(link);
    in.admit(near.address());
    in.sendTo(near.address(), info("usual"));
    out.admit(far.address());
    out.sendTo(far.address(), info("usual"));
    Await.until("half", SOON, () -> transfer.received() > SIZE / 2);
    in.sendTo(farPort, address(nearPort), info("fresh"));
    out.sendTo(nearPort, address(farPort), info("fresh"));
    isWhole(transfer);
    assertThat(link.stats().lastReceivedNanos()).isPositive();

    stays(near, nearPort, true);
    out.close();
    in.close();
    stays(near, nearPort, false);
    stays(far, farPort, false);
    InetSocketAddress gone = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);
    ByteBuf late = Unpooled.directBuffer(3).writeZero(3);
    nearPort.send(late, gone);
    assertThat(late.refCnt()).isZero();
  }

  @Test
  void letsStrangersInOnlyByConduits() throws Exception {
    FreshPort farPort = fresh(far);
    out.sendTo(address(farPort), info("unknown there"));
    LinkLimits impatient = new LinkLimits(8, Duration.ofMillis(500), Duration.ofSeconds(30), 128);
    assertThatThrownBy(() -> near.transport()
        .open(B.self(), new UdpPath(out.address(), CandidateKind.host), impatient, new FakeLinkHandler())
        .get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(far.transport().counters()).containsEntry("handshakes_started", 0L);
    // Admitted at the usual port says nothing about this one.
    in.admit(near.address());
    assertThatThrownBy(() -> near.transport()
        .open(B.self(), new UdpPath(out.address(), CandidateKind.host), impatient, new FakeLinkHandler())
        .get(20, TimeUnit.SECONDS)).isNotNull();
    in.admit(farPort, near.address());
    in.sendTo(farPort, near.address(), info("known"));
    isWhole(transfer(dial()));
  }

  @Test
  void hasItsOwnListeners() throws Exception {
    FreshPort port = fresh(near);
    List<String> got = new CopyOnWriteArrayList<>();
    near.transport().receive((packet, from) -> got.add("usual"));
    port.receive((packet, from) -> got.add("fresh " + packet.readableBytes()));
    try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
      peer.send(new DatagramPacket(new byte[20], 20, address(port)));
      Await.until("the packet", SOON, () -> got.equals(List.of("fresh 20")));
      port.claim(to, (packet, from) -> got.add("claimed " + packet.readableBytes()));
      peer.send(new DatagramPacket(new byte[21], 21, address(port)));
      peer.send(new DatagramPacket(new byte[22], 22, near.address()));
      Await.until("both", SOON, () -> got.size() == 3 && got.containsAll(List.of("claimed 21", "usual")));

      port.send(Unpooled.directBuffer(2_500).writeZero(2_500), 1_000, to);
      DatagramPacket packet = new DatagramPacket(new byte[3_000], 3_000);
      peer.setSoTimeout(10_000);
      List<Integer> sizes = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        packet.setLength(3_000);
        peer.receive(packet);
        sizes.add(packet.getLength());
        assertThat(packet.getSocketAddress()).isEqualTo(address(port));
      }
      assertThat(sizes).containsExactly(1_000, 1_000, 500);
    }
  }

  @Test
  void isBoundedAndEndsWithTheTransport() throws Exception {
    List<FreshPort> all = new ArrayList<>();
    for (int i = 0; i < SparePorts.MAX; i++) {
      all.add(fresh(near));
    }
    assertThatThrownBy(() -> fresh(near)).rootCause().isInstanceOf(IllegalStateException.class);
    InetSocketAddress freed = address(all.get(0));
    all.get(0).close();
    all.get(0).close();
    all.add(fresh(near));
    Await.until("the socket to be free", SOON, () -> {
      try (DatagramSocket again = new DatagramSocket(freed)) {
        return again.isBound();
      } catch (java.net.BindException e) {
        return false;
      }
    });
    near.transport().close();
    assertThat(near.transport().listeners()).isEmpty();
    assertThat(all).allSatisfy(port -> assertThat(port.local()).isEmpty());
    assertThatThrownBy(() -> fresh(near)).rootCause().isInstanceOf(IllegalStateException.class);
  }
}
