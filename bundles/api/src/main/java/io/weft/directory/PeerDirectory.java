package io.weft.directory;

import io.weft.node.Registration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Who is where. Any thread; answers from memory, never waits for a source. */
@ProviderType
public interface PeerDirectory {

  /** All peers, by name. This node itself is never among them. */
  List<Peer> peers();

  Optional<Peer> peer(String name);

  /**
   * Calls {@code listener} with the whole list now and after each change, one call at a time, in order; it must return at
   * once.
   */
  Registration watch(Consumer<List<Peer>> listener);
}
