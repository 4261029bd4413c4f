package io.weft.node;

/** What this node is doing as a whole. */
public enum NodeState {
  /** Bundles are starting; not everything that was configured is there yet. */
  starting,
  /** Everything configured is there. Says nothing of peers: see readiness. */
  ready,
  /** It was asked to stop; streams may finish, nothing new is accepted. */
  leaving,
  /** Streams and links are closed. */
  left
}
