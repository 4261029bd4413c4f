package io.weft.node;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** This node. Safe to use from any thread; only what says so blocks. */
@ProviderType
public interface Node {

  /** @throws IllegalStateException while the identity is not known, because the formation secret could not be read so far */
  NodeId id();

  String name();

  /** The fabric (trust domain) that this node belongs to. */
  String fabric();

  /** Product version, for people: "0.1.0". */
  String version();

  /** Labels from {@code weft.yaml}: site, area, nat_group and whatever the operator added. */
  Map<String, String> labels();

  NodeState state();

  Instant startedAt();

  /** The home directory: configuration, state, control socket. */
  Path home();

  /**
   * Digest of the part of the configuration that all nodes of the fabric share, 12 characters; equal on nodes that agree,
   * independent of the order in which things are written. Empty until the configuration is read.
   */
  String sharedDigest();

  /** A random number drawn at process start; a peer that shows a new one has restarted. */
  long incarnation();

  /**
   * Leaves the fabric: readiness turns false, every {@link Leaving} is asked in phases, then the state is {@code left}. Does not
   * stop the process. Calling it again returns the first call's stage.
   *
   * @param bound the longest that streams may take to finish; what is left after that is cut
   */
  CompletionStage<Void> leave(Duration bound);
}
