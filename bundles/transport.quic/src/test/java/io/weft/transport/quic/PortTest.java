package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeLinkHandler;
import io.weft.testkit.FakeSuccession;
import io.weft.testkit.RealTime;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The port itself: bound, not bound, bound again, shared, closed. */
class PortTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");

  private static void accept(QuicNode node) {
    node.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        return new FakeLinkHandler();
      }
    });
  }

  private static Link link(QuicNode from, QuicNode to, FakeLinkHandler handler) throws Exception {
    return from.transport().open(B.self(), from.pathTo(to), LinkLimits.DEFAULT, handler).get(20, TimeUnit.SECONDS);
  }

  /** Two versions share it, but only while the second binds: a second node, or anybody else, must not. */
  @Test
  void nobodyElseGetsTheAddressOfAPortThatIsUpdated() throws Exception {
    try (QuicNode node = new QuicNode(A)) {
      InetSocketAddress address = node.address();
      assumeTrue(node.update());
      assertThat(node.address()).isEqualTo(address);
      Await.until("the address to be taken", Duration.ofSeconds(10), () -> {
        try (DatagramChannel other = DatagramChannel.open()) {
          other.setOption(StandardSocketOptions.SO_REUSEPORT, true).bind(address);
          return false;
        } catch (BindException e) {
          return true;
        }
      });
    }
  }

  @Test
  void saysWhatItListensOn() throws Exception {
    try (QuicNode node = new QuicNode(A)) {
      String address = "127.0.0.1:" + node.address().getPort();
      assertThat(node.transport().listeners()).containsExactly(new Listener(address, "udp", "transport"));
      assertThat(node.transport().check()).singleElement().satisfies(r -> {
        assertThat(r.status()).isEqualTo(HealthStatus.ok);
        assertThat(r.message()).contains(address);
      });
    }
  }

  @Test
  void goesOnTryingWhileThePortIsTaken() throws Exception {
    try (RealTime time = new RealTime(); QuicNode.OwnIo io = new QuicNode.OwnIo(true, "late")) {
      DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      String address = "127.0.0.1:" + taken.getLocalPort();
      QuicTransport transport =
          new QuicTransport(QuicNode.Config.LOOPBACK.on(address), io, A, QuicNode.FABRIC, time, time, Tuning.GUARDED, new FakeSuccession(), () -> false);
      try {
        Await.until("two attempts", SOON, () -> transport.counters().get("bind_failures") >= 2);
        assertThat(transport.listeners()).isEmpty();
        assertThat(transport.check()).singleElement().satisfies(r -> {
          assertThat(r.status()).isEqualTo(HealthStatus.critical);
          assertThat(r.message()).contains(address, "transport.quic.listen").doesNotContain("\n");
        });
        taken.close();
        Await.until("the port", SOON, () -> !transport.listeners().isEmpty());
        assertThat(transport.check().get(0).status()).isEqualTo(HealthStatus.ok);
      } finally {
        taken.close();
        transport.close();
      }
    }
  }

  @Test
  void saysWhatIsWrongWithAnAddress() throws Exception {
    try (RealTime time = new RealTime(); QuicNode.OwnIo io = new QuicNode.OwnIo(true, "wrong")) {
      for (String wrong : List.of("localhost:1", "127.0.0.1", "", ":0", "127.0.0.1:99999", "1.2.3:0")) {
        QuicTransport transport =
            new QuicTransport(QuicNode.Config.LOOPBACK.on(wrong), io, A, QuicNode.FABRIC, time, time, Tuning.GUARDED, new FakeSuccession(), () -> false);
        Await.until("the message for " + wrong, SOON, () -> transport.check().get(0).message()
            .contains("transport.quic.listen is '" + wrong));
        assertThat(transport.check().get(0).status()).isEqualTo(HealthStatus.critical);
        transport.close();
      }
    }
    assertThat(Listening.parse("[::1]:0").getPort()).isZero();
    assertThat(Listening.parse("0.0.0.0:7450").getAddress().isAnyLocalAddress()).isTrue();
    assertThatThrownBy(() -> Listening.parse("weft.example.org:7450")).hasMessageContaining("an IP address is wanted");
  }

  @Test
  void bindsAnewOnlyWhenTheAddressChanges() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B)) {
      accept(far);
      FakeLinkHandler handler = new FakeLinkHandler();
      Link link = link(near, far, handler);
      int before = near.address().getPort();

      near.transport().modified(QuicNode.Config.LOOPBACK.packets(1_300));
      near.transport().modified(QuicNode.Config.LOOPBACK.packets(1_400));
      assertThat(link.isOpen()).isTrue();
      assertThat(near.address().getPort()).isEqualTo(before);

      near.transport().modified(QuicNode.Config.LOOPBACK.on("127.0.0.2:0"));
      Await.until("the new address", SOON, () -> !near.transport().local().isEmpty() && near.address().getHostString()
          .equals("127.0.0.2"));
      Await.until("the end of the link", SOON, () -> handler.end() != null);
      assertThat(handler.end().reason().code()).isEqualTo("rebound");
      // And works there.
      Link again = link(near, far, new FakeLinkHandler());
      assertThat(again.isOpen()).isTrue();
      near.transport().modified(QuicNode.Config.LOOPBACK.on("127.0.0.1:" + before));
      Await.until("the old address", SOON, () -> !near.transport().local().isEmpty() && near.address().getPort() == before);
    }
  }

  @Test
  void sharesThePortWithThoseWhoFindPaths() throws Exception {
    try (QuicNode node = new QuicNode(A); DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      BlockingQueue<String> got = new LinkedBlockingQueue<>();
      Registration deaf = node.transport().receive((packet, from) -> false);
      Registration broken = node.transport().receive((packet, from) -> {
        if (packet.getByte(packet.readerIndex() + 1) == 9) {
          throw new IllegalArgumentException("thrown on purpose");
        }
        return false;
      });
      Registration keen = node.transport().receive((packet, from) -> {
        got.add(packet.readableBytes() + " from " + from.getPort() + " on " + node.transport().loop().inEventLoop());
        return true;
      });
      byte[] stun = new byte[20];
      peer.send(new DatagramPacket(stun, 20, node.address()));
      assertThat(got.poll(10, TimeUnit.SECONDS)).isEqualTo("20 from " + peer.getLocalPort() + " on true");
      stun[1] = 9;
      peer.send(new DatagramPacket(stun, 20, node.address()));
      stun[1] = 0;

      node.transport().send(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}), (InetSocketAddress) peer.getLocalSocketAddress());
      DatagramPacket answer = new DatagramPacket(new byte[100], 100);
      peer.setSoTimeout(10_000);
      peer.receive(answer);
      assertThat(answer.getLength()).isEqualTo(3);
      assertThat(answer.getSocketAddress()).isEqualTo(node.address());

      keen.close();
      keen.close();
      broken.close();
      peer.send(new DatagramPacket(stun, 20, node.address()));
      peer.send(new DatagramPacket(new byte[] {20, 1, 1}, 3, node.address()));
      peer.send(new DatagramPacket(new byte[] {(byte) 0xc0}, 1, node.address()));
      peer.send(new DatagramPacket(new byte[] {0x40, 1}, 2, node.address()));
      byte[] strange = new byte[100];
      strange[0] = 0x40;
      peer.send(new DatagramPacket(strange, 100, node.address()));
      Await.until("all dropped", SOON, () -> node.transport().counters().get("packets_dropped_not_quic") == 4
          && node.transport().counters().get("packets_dropped_unknown_id") == 1);
      assertThat(got).isEmpty();
      deaf.close();
    }
  }

  @Test
  void dropsPacketsOfALinkFromElsewhere() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B)) {
      accept(far);
      UdpRelay relay = new UdpRelay(far.address(), 0, Duration.ZERO, 1);
      try (relay) {
        Link link = near.transport()
            .open(B.self(), new UdpPath(relay.address(), io.weft.path.CandidateKind.host), LinkLimits.DEFAULT,
                new FakeLinkHandler())
            .get(20, TimeUnit.SECONDS);
        // The same connection, from another address: somebody copied its packets, or a NAT moved; only the path may say so.
        relay.moveBack();
        LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
        Await.until("the drop", SOON, () -> far.transport().counters().get("packets_dropped_other_source") > 0);
        assertThat(far.transport().counters()).containsEntry("datagrams_received", 0L);
      }
    }
  }

  @Test
  void leavesNothingBehindWhenItStops() throws Exception {
    for (int i = 0; i < 2; i++) {
      long before = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
      int port;
      try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B)) {
        accept(far);
        port = far.address().getPort();
        FakeLinkHandler handler = new FakeLinkHandler();
        Link link = link(near, far, handler);
        far.transport().close();
        Await.until("the end of the link", SOON, () -> handler.end() != null);
        assertThat(handler.end())
            .isEqualTo(new FakeLinkHandler.End(Reason.of("leaving", "the transport of this node stops"), true));
        assertThat(link.isOpen()).isFalse();
        assertThat(far.transport().listeners()).isEmpty();
        far.transport().close();
      }
      new DatagramSocket(port, InetAddress.getLoopbackAddress()).close();
      assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory()).isLessThanOrEqualTo(before + (16 << 20));
    }
  }

  @Test
  void growsByNothingOverManyLinks() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B)) {
      accept(far);
      for (int i = 0; i < 100; i++) {
        FakeLinkHandler handler = new FakeLinkHandler();
        link(near, far, handler).close(Reason.of("test_reason"));
        Await.until("the end of the link", SOON, () -> handler.end() != null);
      }
      for (QuicNode node : List.of(near, far)) {
        Await.until("nothing left", SOON,
            () -> node.inspect(p -> p.links() == 0 && p.mux().routes() == 0 && p.limits().inFlight() == 0));
      }
    }
  }
}
