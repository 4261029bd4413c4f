package io.weft.link;

import io.weft.node.Reason;
import io.weft.node.Registration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** The links of this node, one per known peer. Any thread; does not block. */
@ProviderType
public interface Links {

  /** One per peer, by name. */
  List<LinkInfo> links();

  Optional<LinkInfo> link(String peer);

  /** Calls {@code listener} after each change of state, one at a time, in order; it must return at once. */
  Registration watch(Consumer<LinkInfo> listener);

  /**
   * Closes the link and tells the peer why. It is dialled again after a backoff, unless {@code stay} is set: then only the peer, or
   * {@link #open}, brings it back.
   *
   * @return whether there was a peer of that name
   */
  boolean close(String peer, Reason reason, boolean stay);

  /** Tries now rather than after the backoff. Nothing happens if it is up. Returns whether there is a peer of that name. */
  boolean open(String peer);

  /** Counters since the mesh started, by stable name: refused handshakes by reason, redials, dropped datagrams, ... */
  Map<String, Long> counters();
}
