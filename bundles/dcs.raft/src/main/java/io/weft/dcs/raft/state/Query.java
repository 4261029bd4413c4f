package io.weft.dcs.raft.state;

/** What a member can be asked. */
public sealed interface Query {

  /** One key. */
  record Get(String key) implements Query {}

  /** All below a prefix. */
  record Everything(String prefix) implements Query {}

  /** What changed below a prefix after a revision. */
  record Since(String prefix, long after) implements Query {}
}
