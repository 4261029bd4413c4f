package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.mesh.wire.Frame;
import io.weft.node.Reason;
import io.weft.transport.Link;
import io.weft.transport.LinkStats;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What others see of the link to a peer, in one piece.
 *
 * @param session the one that carries channels, or null
 */
record LinkView(Peer peer, LinkState state, Instant since, @Nullable Reason reason, long attempts, @Nullable Session session) {

  LinkInfo info() {
    if (session == null) {
      return new LinkInfo(peer.name(), peer.identity().id(), state, null, null, -1, 0, 0, 0, since, reason, attempts, false, "");
    }
    Link link = session.link();
    LinkStats stats = link.stats();
    long rtt = session.rttNanos();
    Frame.Hello hello = session.hello();
    return new LinkInfo(peer.name(), peer.identity().id(), state, link.path(), link.transport(), rtt < 0 ? -1 : rtt / 1e6,
        session.channelCount(), stats.bytesSent(), stats.bytesReceived(), since, reason, attempts, session.isDialed(),
        hello == null ? "" : hello.digest());
  }
}
