package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.PeerIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
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
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Who did not prove that it receives at its address gets at most three times what it sent, and costs no more than is set aside
 * for it.
 */
class AmplificationTest {

  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");
  // Longer than the codec's first two retransmissions.
  private static final int PATIENCE_MS = 4_000;

  private DatagramSocket stranger;
  private QuicNode far;
  private byte[] initial;

  @BeforeEach
  void start() throws Exception {
    stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    initial = realInitial();
  }

  @AfterEach
  void stop() {
    stranger.close();
    if (far != null) {
      far.close();
    }
  }

  /** What a node sends first, caught on its way. */
  private static byte[] realInitial() throws Exception {
    try (QuicNode near = new QuicNode(A); DatagramSocket trap = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      UdpPath path = new UdpPath(new InetSocketAddress(trap.getLocalAddress(), trap.getLocalPort()), CandidateKind.host);
      CompletableFuture<Link> attempt = near.transport().open(B.self(), path, LinkLimits.DEFAULT, new FakeLinkHandler());
      DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
      trap.setSoTimeout(10_000);
      trap.receive(packet);
      attempt.cancel(false);
      return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
    }
  }

  private void accept(QuicNode.Config config) {
    far = new QuicNode(B, config, true, Tuning.GUARDED);
    far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        throw new AssertionError("let in " + link.peer());
      }
    });
  }

  private void send(byte[] packet) throws Exception {
    stranger.send(new DatagramPacket(packet, packet.length, far.address()));
  }

  /** All that comes back while we keep silent. */
  private int answered() throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    stranger.setSoTimeout(PATIENCE_MS);
    int bytes = 0;
    try {
      while (true) {
        packet.setLength(65_536);
        stranger.receive(packet);
        bytes += packet.getLength();
      }
    } catch (SocketTimeoutException e) {
      return bytes;
    }
  }

  private long counter(String name) {
    return far.transport().counters().getOrDefault(name, 0L);
  }

  @Test
  void answersAtMostThreeTimesWhatItGot() throws Exception {
    accept(QuicNode.Config.LOOPBACK);
    send(initial);
    assertThat(answered()).isPositive().isLessThanOrEqualTo(3 * initial.length);
  }

  @Test
  void answersNoMoreToAConduitThatWasNotChecked() throws Exception {
    accept(QuicNode.Config.LOOPBACK);
    InetSocketAddress from = (InetSocketAddress) stranger.getLocalSocketAddress();
    Conduit conduit = far.transport().conduit();
    conduit.sendTo(from, new UdpPath(from, CandidateKind.prflx).info());
    send(initial);
    assertThat(answered()).isPositive().isLessThanOrEqualTo(3 * initial.length);
    Conduit later = far.transport().conduit();
    later.admit(from);
    send(another(7));
    // Its own conduit leads nowhere, so that it gets nothing at all.
    assertThat(answered()).isLessThanOrEqualTo(3 * initial.length);
    Await.until("both", Duration.ofSeconds(5), () -> counter("handshakes_started") == 2);
  }

  @Test
  void isNotMovedByATokenThatItDidNotMint() throws Exception {
    accept(QuicNode.Config.LOOPBACK);
    byte[] forged = InitialPacket.read(initial).withToken(new byte[57], 1_200);
    send(forged);
    assertThat(answered()).isZero();
    assertThat(counter("tokens_refused")).isEqualTo(1);
    assertThat((int) far.inspect(p -> p.mux().routes())).isZero();
  }

  @Test
  void canTakeAnInitialApartAndPutItTogether() throws Exception {
    // Or the test before this one would prove nothing: the same packet without a token starts a handshake.
    accept(QuicNode.Config.LOOPBACK);
    send(InitialPacket.read(initial).withToken(new byte[0], 1_200));
    assertThat(answered()).isPositive().isLessThanOrEqualTo(3 * 1_200);
  }

  @Test
  void asksForProofWithOnePacketAndKeepsNothing() throws Exception {
    accept(QuicNode.Config.LOOPBACK.handshakes(256, 0, 10_000));
    send(initial);
    assertThat(answered()).isPositive().isLessThanOrEqualTo(initial.length / 4);
    assertThat(counter("handshakes_retried")).isEqualTo(1);
    assertThat((int) far.inspect(p -> p.mux().routes())).isZero();
    assertThat((int) far.inspect(p -> p.limits().inFlight())).isZero();
  }

  @Test
  void takesNoMoreHandshakesThanItMay() throws Exception {
    accept(QuicNode.Config.LOOPBACK.handshakes(16, 16, 10_000));
    for (int i = 0; i < 200; i++) {
      send(another(i));
    }
    Await.until("all packets", Duration.ofSeconds(10), () -> counter("handshakes_dropped_over_limit") == 200 - 16);
    assertThat((int) far.inspect(p -> p.limits().inFlight())).isEqualTo(16);
    assertThat((int) far.inspect(UdpPort::links)).isEqualTo(16);
  }

  @Test
  void takesNoMoreFromOneNetworkThanItMay() throws Exception {
    accept(QuicNode.Config.LOOPBACK.handshakes(256, 256, 5));
    for (int i = 0; i < 50; i++) {
      send(another(i));
    }
    Await.until("all packets", Duration.ofSeconds(10), () -> counter("handshakes_started")
        + counter("handshakes_dropped_over_rate") == 50);
    assertThat(counter("handshakes_started")).isLessThanOrEqualTo(10); // Two seconds' worth, should they fall into two.
  }

  @Test
  void dropsWhatIsTooSmallOrOfAnotherVersion() throws Exception {
    accept(QuicNode.Config.LOOPBACK);
    send(java.util.Arrays.copyOf(initial, 1_199));
    byte[] other = initial.clone();
    other[4] = 2;
    send(other);
    Await.until("both packets", Duration.ofSeconds(10), () -> counter("packets_dropped_malformed") == 2);
    assertThat((int) far.inspect(p -> p.mux().routes())).isZero();
  }

  private byte[] another(int n) throws Exception {
    return InitialPacket.read(initial).to(n).withToken(new byte[0], 1_200);
  }
}
