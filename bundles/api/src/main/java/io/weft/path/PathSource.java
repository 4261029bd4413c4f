package io.weft.path;

import io.weft.node.PeerIdentity;
import java.util.concurrent.CompletableFuture;
import org.osgi.annotation.versioning.ConsumerType;

/** Finds paths. Registered as a service; the mesh asks those of higher service ranking first. */
@ConsumerType
public interface PathSource {

  /** For people and for {@code link:show}: "udp", "ice". Constant. */
  String name();

  /** Whether it could do anything with this candidate; only those that pass are in the request. Does not block. */
  boolean understands(Candidate candidate);

  /** Whether it can look for this peer without knowing a candidate, because the two can exchange theirs. Does not block. */
  default boolean reaches(PeerIdentity peer) {
    return false;
  }

  /**
   * Starts one attempt and returns at once. The future completes with a path that is not closed, or exceptionally with {@link NoPath}
   * within 30 s; trying again is safe. Cancelling the future ends the attempt and frees everything that it held; a path that was
   * found meanwhile is closed by the source.
   */
  CompletableFuture<Path> find(PathRequest request);
}
