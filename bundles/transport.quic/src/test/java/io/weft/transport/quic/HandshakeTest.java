package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.testkit.Await;
import io.weft.testkit.FakeLinkHandler;
import io.weft.testkit.FormationIdentity;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.quic.codec.BareDialer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nobody gets in who is not exactly who was expected, and each side says why in its own words. */
class HandshakeTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String SECRET = "the formation secret of this test";
  private static final FormationIdentity A = FormationIdentity.of(SECRET, QuicNode.FABRIC, "a");
  private static final FormationIdentity B = FormationIdentity.of(SECRET, QuicNode.FABRIC, "b");

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final List<Link> accepted = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private QuicNode node(NodeIdentity identity) {
    QuicNode node = new QuicNode(identity);
    open.push(node);
    return node;
  }

  private QuicNode accepting(NodeIdentity identity) {
    QuicNode node = node(identity);
    node.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return identity.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        accepted.add(link);
        return new FakeLinkHandler();
      }
    });
    return node;
  }

  private static String dial(QuicNode from, QuicNode to, PeerIdentity whom) throws Exception {
    CompletableFuture<Link> opening = from.transport().open(whom, from.pathTo(to), LinkLimits.DEFAULT, new FakeLinkHandler());
    try {
      opening.get(20, TimeUnit.SECONDS);
      return "up";
    } catch (ExecutionException e) {
      return ((HandshakeFailed) e.getCause()).reason().code();
    }
  }

  private static long refused(QuicNode node, String code) {
    return node.transport().counters().getOrDefault("handshakes_refused_" + code, 0L);
  }

  /** The acceptor shows something wrong: the dialer says what, the acceptor counts that a peer refused. */
  private void assertDialerRefuses(NodeIdentity acceptor, String code) throws Exception {
    QuicNode near = node(A);
    QuicNode far = accepting(acceptor);
    assertThat(dial(near, far, B.self())).isEqualTo(code);
    assertThat(refused(near, code)).isEqualTo(1);
    Await.until("the acceptor to count", SOON, () -> refused(far, "by_peer") == 1);
    assertThat(accepted).isEmpty();
    assertNothingLeft(near, far);
  }

  /** The dialer shows something wrong: the acceptor says what, the dialer learns that it was refused. */
  private void assertAcceptorRefuses(NodeIdentity dialer, String code) throws Exception {
    QuicNode near = node(dialer);
    QuicNode far = accepting(B);
    assertThat(dial(near, far, B.self())).isEqualTo("refused");
    assertThat(refused(near, "refused")).isEqualTo(1);
    Await.until("the acceptor to count", SOON, () -> refused(far, code) == 1);
    assertThat(accepted).isEmpty();
    assertNothingLeft(near, far);
  }

  private static void assertNothingLeft(QuicNode... nodes) {
    for (QuicNode node : nodes) {
      Await.until("nothing left", SOON,
          () -> node.inspect(p -> p.links() == 0 && p.mux().routes() == 0 && p.limits().inFlight() == 0));
    }
  }

  @Test
  void letsMembersIn() throws Exception {
    QuicNode near = node(A);
    QuicNode far = accepting(B);
    assertThat(dial(near, far, B.self())).isEqualTo("up");
    Await.until("accepted", SOON, () -> accepted.size() == 1);
    assertThat(accepted.get(0).peer()).isEqualTo(A.self());
    assertThat((int) far.inspect(p -> p.limits().inFlight())).isZero();
  }

  @Test
  void refusesAnotherKey() throws Exception {
    FormationIdentity stranger = FormationIdentity.of("another secret altogether", QuicNode.FABRIC, "b");
    assertDialerRefuses(stranger, "wrong_key");
  }

  @Test
  void refusesTheKeyOfAnotherMember() throws Exception {
    // A member, and known; but it is not the one that was dialed, whatever its certificate says.
    assertDialerRefuses(FormationIdentity.of(SECRET, QuicNode.FABRIC, "c").withCertificateName("b"), "wrong_key");
  }

  @Test
  void refusesAnotherName() throws Exception {
    assertDialerRefuses(B.withCertificateName("c"), "wrong_name");
  }

  @Test
  void refusesAnotherFabric() throws Exception {
    assertDialerRefuses(B.withCertificateFabric("elsewhere"), "wrong_fabric");
  }

  @Test
  void refusesACertificateThatSomebodyElseSigned() throws Exception {
    assertDialerRefuses(B.withCertificateSignedBy(A), "certificate_invalid");
  }

  @Test
  void refusesAnExpiredCertificate() throws Exception {
    Instant now = Instant.now();
    assertDialerRefuses(B.withValidity(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1))), "certificate_expired");
  }

  @Test
  void refusesACertificateOfTomorrow() throws Exception {
    Instant now = Instant.now();
    assertDialerRefuses(B.withValidity(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(9))), "certificate_expired");
  }

  @Test
  void refusesADialerWithAnotherKey() throws Exception {
    assertAcceptorRefuses(FormationIdentity.of("another secret altogether", QuicNode.FABRIC, "a"), "wrong_key");
  }

  @Test
  void refusesADialerOfAnotherFabric() throws Exception {
    assertAcceptorRefuses(A.withCertificateFabric("elsewhere"), "wrong_fabric");
  }

  @Test
  void refusesADialerThatSomebodyElseSigned() throws Exception {
    assertAcceptorRefuses(A.withCertificateSignedBy(B), "certificate_invalid");
  }

  @Test
  void refusesADialerWithAnExpiredCertificate() throws Exception {
    Instant now = Instant.now();
    assertAcceptorRefuses(A.withValidity(now.minus(Duration.ofDays(9)), now.minus(Duration.ofDays(1))), "certificate_expired");
  }

  @Test
  void refusesADialerThatTakesAnotherMembersName() throws Exception {
    assertAcceptorRefuses(A.withCertificateName("c"), "wrong_key");
  }

  @Test
  void refusesADialerWithoutACertificate() throws Exception {
    QuicNode far = accepting(B);
    try (QuicNode.OwnIo io = new QuicNode.OwnIo(false, "bare"); BareDialer dialer = new BareDialer(io, "weft/1", null)) {
      dialer.dial(far.address());
      assertThat(dialer.closed()).isEqualTo(0x100 + 116);
    }
    Await.until("the acceptor to count", SOON, () -> refused(far, "no_certificate") == 1);
    assertThat(accepted).isEmpty();
    assertNothingLeft(far);
  }

  @Test
  void refusesADialerOfAnotherProtocol() throws Exception {
    QuicNode far = accepting(B);
    try (QuicNode.OwnIo io = new QuicNode.OwnIo(false, "bare"); BareDialer dialer =
        new BareDialer(io, "weft/2", A.keyManager())) {
      dialer.dial(far.address());
      assertThat(dialer.closed()).isEqualTo(0x100 + 120);
    }
    Await.until("the acceptor to count", SOON, () -> refused(far, "wrong_alpn") == 1);
    assertThat(accepted).isEmpty();
    assertNothingLeft(far);
  }

  @Test
  void endsAHandshakeThatIsNeverFinished() throws Exception {
    QuicNode far = node(B);
    far.transport().accept(new LinkLimits(4, Duration.ofMillis(500), Duration.ofSeconds(30), 8), new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        accepted.add(link);
        return new FakeLinkHandler();
      }
    });
    // TLS succeeds, and then it does not say READY.
    try (QuicNode.OwnIo io = new QuicNode.OwnIo(false, "bare"); BareDialer dialer =
        new BareDialer(io, "weft/1", A.keyManager())) {
      dialer.dial(far.address()).get(10, TimeUnit.SECONDS);
      assertThat(dialer.closed()).isEqualTo(1);
    }
    assertThat(accepted).isEmpty();
    assertNothingLeft(far);
    assertThat(far.transport().counters()).containsEntry("handshakes_timed_out", 1L);
  }

  @Test
  void asksForProofOfTheAddressWhenManyCome() throws Exception {
    QuicNode near = node(A);
    QuicNode far = new QuicNode(B, QuicNode.Config.LOOPBACK.handshakes(256, 0, 10_000), true, Tuning.GUARDED);
    open.push(far);
    far.transport().accept(LinkLimits.DEFAULT, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return B.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        return new FakeLinkHandler();
      }
    });
    assertThat(dial(near, far, B.self())).isEqualTo("up");
    assertThat(far.transport().counters()).containsEntry("handshakes_retried", 1L).containsEntry("tokens_refused", 0L);
  }

  @Test
  void saysThatItHasNoPort() throws Exception {
    QuicNode near = node(A);
    QuicNode far = accepting(B);
    near.transport().close();
    assertThat(dial(near, far, B.self())).isEqualTo("unreachable");
  }
}
