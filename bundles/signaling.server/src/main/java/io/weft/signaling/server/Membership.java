package io.weft.signaling.server;

import io.weft.directory.PeerDirectory;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who has a mailbox here.
 *
 * @param peersOnly whether membership of the fabric is not enough
 * @param directory null while there is none; then it is only this node itself, if {@code peersOnly}
 */
record Membership(NodeIdentity identity, boolean peersOnly, Supplier<@Nullable PeerDirectory> directory) {

  Optional<PeerIdentity> member(String name) {
    return isOpenTo(name) ? identity.expected(name) : Optional.empty();
  }

  private boolean isOpenTo(String name) {
    if (!peersOnly || name.equals(identity.self().name())) {
      return true;
    }
    PeerDirectory peers = directory.get();
    return peers != null && peers.peer(name).isPresent();
  }
}
