package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.PeerIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.Path;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import io.weft.testkit.FakeIdentity;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
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
    this(config, tuning, limits, nearHandler, farHandler,
        far -> loss < 0 ? null : new UdpRelay(far.address(), loss, delay, 42), false);
  }

  /** Packets go from loop to loop past every socket, so none is lost. */
  static LinkedNodes lossless(LinkLimits limits, LinkHandler nearHandler, Function<Link, LinkHandler> farHandler)
      throws Exception {
    return new LinkedNodes(QuicNode.Config.LOOPBACK, Tuning.GUARDED, limits, nearHandler, farHandler, far -> null, true);
  }

  private interface Relays {

    @Nullable UdpRelay before(QuicNode far) throws Exception;
  }

  private LinkedNodes(QuicNode.Config config, Tuning tuning, LinkLimits limits, LinkHandler nearHandler,
      Function<Link, LinkHandler> farHandler, Relays relays, boolean pastSockets)
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
    relay = relays.before(far);
    Path path = pastSockets ? pastSockets() : relay == null ? near.pathTo(far) : new UdpPath(relay.address(), CandidateKind.host);
    nearLink = near.transport().open(b.self(), path, limits, nearHandler).get(20, TimeUnit.SECONDS);
    farLink = accepted.get(10, TimeUnit.SECONDS);
  }

  private Path pastSockets() {
    Conduit out = near.transport().conduit();
    Conduit in = far.transport().conduit();
    PathInfo info = new PathInfo("memory", PathType.direct, CandidateKind.host, CandidateKind.host, "past sockets");
    out.sendThrough(carrier(far.transport().loop(), in), info);
    in.sendThrough(carrier(near.transport().loop(), out), info);
    return new UdpPath(out.address(), CandidateKind.host);
  }

  private static Conduit.Carrier carrier(EventLoop to, Conduit conduit) {
    return (packets, segmentSize) -> {
      while (packets.isReadable()) {
        ByteBuf packet = packets.readBytes(Math.min(segmentSize, packets.readableBytes()));
        try {
          to.execute(() -> conduit.received(packet));
        } catch (RejectedExecutionException e) {
          packet.release(); // that node was closed first
        }
      }
      packets.release();
    };
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
