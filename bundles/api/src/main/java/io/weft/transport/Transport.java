package io.weft.transport;

import io.weft.node.PeerIdentity;
import io.weft.node.Registration;
import io.weft.path.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * How bytes reach one peer. Implemented by plugins, called by the mesh; registered as a service.
 *
 * <p>When its service goes, a transport accepts nothing more, and its links are still its own to close. One that ends for good closes them at
 * once, with a reason: the streams on them are cut. One that is updated may let them go on beside those of its next version
 * ({@link io.weft.node.Succession}), for a bound that it names, 60 s in those of the node: the mesh opens links through the next version
 * and every new stream on those, and closes an old link when its last stream is over; streams that are open then are finished where they
 * are, and those that outlast the bound are cut. So streams do not move from link to link. What is still open 90 s after the service went,
 * the mesh closes.
 */
@ConsumerType
public interface Transport {

  /** For people: "quic", "memory". Constant. */
  String name();

  /** Whether it can run over this path. Does not block. */
  boolean carries(Path path);

  /**
   * Opens a link to the peer over the path and proves that it is the peer.
   *
   * <p>Returns at once. Completes on the link's loop with a link whose peer proved the expected key, or exceptionally with
   * {@link HandshakeFailed} within {@link LinkLimits#handshakeTimeout}; trying again is safe. Cancelling the future ends the attempt
   * and frees all of it. The path stays the caller's: closing it after the link was closed is its business.
   *
   * @param handler gets the link's events; the first only after the future was completed
   */
  CompletableFuture<Link> open(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler);

  /**
   * Accepts links from peers until the registration is closed; one acceptor at a time, a second replaces the first. Links that are
   * up outlive the registration.
   */
  Registration accept(LinkLimits limits, LinkAcceptor acceptor);

  /**
   * Counters since start, by stable name. Any thread. All have {@code datagrams_dropped} and, for each code of {@link HandshakeFailed}
   * with which this side turned a peer down, {@code handshakes_refused_<code>}.
   */
  Map<String, Long> counters();
}
