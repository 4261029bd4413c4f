package io.weft.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeLinkHandler;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What becomes of a link when the road below it changes, breaks or was never there. */
class RoadTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final FakeIdentity A = new FakeIdentity(QuicNode.FABRIC, "a");
  private static final FakeIdentity B = new FakeIdentity(QuicNode.FABRIC, "b");

  private final List<FakeLinkHandler> accepted = new CopyOnWriteArrayList<>();

  private void accept(QuicNode node, LinkLimits limits) {
    node.transport().accept(limits, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
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

  /** A path that somebody moves. */
  private static final class MovingPath implements Path {

    private final List<Consumer<Path>> listeners = new CopyOnWriteArrayList<>();
    private volatile InetSocketAddress remote;

    MovingPath(InetSocketAddress remote) {
      this.remote = remote;
    }

    void move(InetSocketAddress to) {
      remote = to;
      listeners.forEach(l -> l.accept(this));
    }

    @Override
    public PathInfo info() {
      return new UdpPath(remote, CandidateKind.host).info();
    }

    @Override
    public SocketAddress remote() {
      return remote;
    }

    @Override
    public Registration onChange(Consumer<Path> listener) {
      listeners.add(listener);
      return () -> listeners.remove(listener);
    }

    @Override
    public CompletionStage<Reason> ended() {
      return new CompletableFuture<>();
    }

    @Override
    public void close() {}
  }

  @Test
  void goesWhereThePathGoes() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B);
        UdpRelay first = new UdpRelay(far.address(), 0, Duration.ZERO, 1)) {
      accept(far, LinkLimits.DEFAULT);
      MovingPath path = new MovingPath(first.address());
      Link link = near.transport().open(B.self(), path, LinkLimits.DEFAULT, new FakeLinkHandler()).get(20, TimeUnit.SECONDS);
      // Another way in, out of the same door: to the far side nothing changes.
      InetSocketAddress otherFront = first.anotherFront();
      long before = first.passed();
      path.move(otherFront);
      Await.until("datagrams by the new way", SOON, () -> {
        LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
        return accepted.get(0).datagrams().size() >= 5;
      });
      assertThat(link.path().remoteAddress()).isEqualTo(UdpPath.text(otherFront));
      assertThat(first.passed()).isGreaterThan(before);
      link.close(Reason.of("test_reason"));
      Await.until("the listener to be gone", SOON, () -> path.listeners.isEmpty());
    }
  }

  @Test
  void saysAgainThatItIsOver() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B);
        UdpRelay relay = new UdpRelay(far.address(), 0, Duration.ZERO, 1)) {
      accept(far, LinkLimits.DEFAULT);
      FakeLinkHandler handler = new FakeLinkHandler();
      Link link = near.transport()
          .open(B.self(), new UdpPath(relay.address(), CandidateKind.host), LinkLimits.DEFAULT, handler)
          .get(20, TimeUnit.SECONDS);
      relay.cut(true);
      long lost = relay.lost();
      link.close(Reason.of("test_reason", "said once, and lost"));
      Await.until("the end here", SOON, () -> handler.end() != null && relay.lost() > lost);
      relay.cut(false);
      Link other = accepted.get(0).link();
      Await.until("the end there", Duration.ofSeconds(2), () -> {
        LinkedNodes.on(other, () -> other.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
        return accepted.get(0).end() != null;
      });
      assertThat(accepted.get(0).end()).isEqualTo(new FakeLinkHandler.End(Reason.of("test_reason", "said once, and lost"), true));
      Await.until("nothing left", SOON, () -> near.inspect(p -> p.mux().ids()) == 0);
    }
  }

  @Test
  void noticesSilenceAndNothingElse() throws Exception {
    LinkLimits impatient = new LinkLimits(8, Duration.ofSeconds(10), Duration.ofMillis(800), 128);
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B);
        UdpRelay relay = new UdpRelay(far.address(), 0, Duration.ZERO, 1)) {
      accept(far, impatient);
      FakeLinkHandler handler = new FakeLinkHandler();
      Link link = near.transport()
          .open(B.self(), new UdpPath(relay.address(), CandidateKind.host), impatient, handler)
          .get(20, TimeUnit.SECONDS);
      long start = System.nanoTime();
      Await.until("three times the timeout", SOON, () -> {
        LinkedNodes.on(link, () -> link.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
        return System.nanoTime() - start > 2_400_000_000L;
      });
      assertThat(link.isOpen()).isTrue();
      assertThat(accepted.get(0).end()).isNull();
      long rtt = link.stats().rttNanos();
      assertThat(rtt).isBetween(1_000L, 1_000_000_000L);

      relay.cut(true);
      Await.until("the end at both sides", Duration.ofSeconds(5), () -> handler.end() != null && accepted.get(0).end() != null);
      assertThat(handler.end().reason().code()).isEqualTo("idle_timeout");
      assertThat(handler.end().byPeer()).isFalse();
    }
  }

  @Test
  void isNotKeptAliveByPacketsOfStrangers() throws Exception {
    LinkLimits impatient = new LinkLimits(8, Duration.ofSeconds(10), Duration.ofMillis(800), 128);
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B);
        UdpRelay relay = new UdpRelay(far.address(), 0, Duration.ZERO, 1)) {
      accept(far, impatient);
      FakeLinkHandler handler = new FakeLinkHandler();
      near.transport().open(B.self(), new UdpPath(relay.address(), CandidateKind.host), impatient, handler)
          .get(20, TimeUnit.SECONDS);
      relay.garble(true);
      long start = System.nanoTime();
      Await.until("the end", Duration.ofSeconds(5), () -> {
        Link other = accepted.get(0).link();
        if (other.isOpen()) {
          LinkedNodes.on(other, () -> other.sendDatagram(Unpooled.directBuffer(10).writeZero(10)));
        }
        return handler.end() != null;
      });
      assertThat(handler.end().reason().code()).isEqualTo("idle_timeout");
      assertThat(System.nanoTime() - start).isLessThan(4_000_000_000L);
    }
  }

  @Test
  void closesALinkThatComesUpAfterItWasCancelled() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B);
        UdpRelay slow = new UdpRelay(far.address(), 0, Duration.ofMillis(150), 1)) {
      accept(far, LinkLimits.DEFAULT);
      FakeLinkHandler handler = new FakeLinkHandler();
      CompletableFuture<Link> attempt =
          near.transport().open(B.self(), new UdpPath(slow.address(), CandidateKind.host), LinkLimits.DEFAULT, handler);
      // The acceptor took it; the word of that is still on its way.
      Await.until("accepted", SOON, () -> accepted.size() == 1);
      assertThat(attempt.cancel(false)).isTrue();
      Await.until("the end there", SOON, () -> accepted.get(0).end() != null);
      assertThat(accepted.get(0).end()).isEqualTo(new FakeLinkHandler.End(Reason.of("cancelled"), true));
      assertThat(handler.end()).isNull();
      Await.until("nothing left", SOON, () -> near.inspect(p -> p.links()) == 0 && far.inspect(p -> p.links()) == 0);
    }
  }

  @Test
  void connectsThroughHeavyLoss() throws Exception {
    try (QuicNode near = new QuicNode(A); QuicNode far = new QuicNode(B)) {
      accept(far, LinkLimits.DEFAULT);
      int up = 0;
      for (int i = 0; i < 10; i++) {
        try (UdpRelay relay = new UdpRelay(far.address(), 0.3, Duration.ZERO, i)) {
          near.transport()
              .open(B.self(), new UdpPath(relay.address(), CandidateKind.host), LinkLimits.DEFAULT, new FakeLinkHandler())
              .get(20, TimeUnit.SECONDS);
          up++;
        } catch (ExecutionException e) {
          assertThat(((HandshakeFailed) e.getCause()).reason().code()).isEqualTo("unreachable");
        }
      }
      assertThat(up).isGreaterThanOrEqualTo(8);
    }
  }
}
