package io.weft.transport.quic;

import io.weft.node.PeerIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.testkit.FakeIdentity;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Two nodes and a link between them, over a stretch of bad network if wanted. */
final class LinkedNodes implements AutoCloseable {

  final QuicNode near;
  final QuicNode far;
  final Link nearLink;
  final Link farLink;
  final @Nullable UdpRelay relay;

  /** @param loss share of packets that get lost each way; negative for none and no relay either */
  LinkedNodes(QuicNode.Config config, Tuning tuning, LinkLimits limits, double loss, LinkHandler nearHandler, Function<Link,
      LinkHandler> farHandler)
      throws Exception {
    this(config, tuning, limits, loss, Duration.ZERO, nearHandler, farHandler);
  }

  /** @param delay of the relay, one way */
  LinkedNodes(QuicNode.Config config, Tuning tuning, LinkLimits limits, double loss, Duration delay, LinkHandler nearHandler,
      Function<Link, LinkHandler> farHandler)
      throws Exception {
    FakeIdentity a = new FakeIdentity(QuicNode.FABRIC, "a");
    FakeIdentity b = new FakeIdentity(QuicNode.FABRIC, "b");
    near = new QuicNode(a, config, true, tuning);
    far = new QuicNode(b, config, true, tuning);
    CompletableFuture<Link> accepted = new CompletableFuture<>();
    far.transport().accept(limits, new LinkAcceptor() {
      @Override
      public Optional<PeerIdentity> expected(String name) {
        return b.expected(name);
      }

      @Override
      public LinkHandler accepted(Link link) {
        accepted.complete(link);
        return farHandler.apply(link);
      }
    });
    relay = loss < 0 ? null : new UdpRelay(far.address(), loss, delay, 42);
    Path path = relay == null ? near.pathTo(far) : new UdpPath(relay.address(), CandidateKind.host);
    nearLink = near.transport().open(b.self(), path, limits, nearHandler).get(20, TimeUnit.SECONDS);
    farLink = accepted.get(10, TimeUnit.SECONDS);
  }

  static <T> T on(Link link, Callable<T> task) throws Exception {
    return link.loop().submit(task).get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    near.close();
    far.close();
    if (relay != null) {
      relay.close();
    }
  }
}
