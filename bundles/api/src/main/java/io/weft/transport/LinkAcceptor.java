package io.weft.transport;

import io.weft.node.PeerIdentity;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Decides on links that peers open. Called on the link's loop; must return at once. */
@ProviderType
public interface LinkAcceptor {

  /** The key that a node of this name must prove to get in, or empty if no such peer is expected. Asked during the handshake. */
  Optional<PeerIdentity> expected(String name);

  /** A peer has proved its key. Returns who gets the link's events. */
  LinkHandler accepted(Link link);
}
