package io.weft.dcs.raft.state;

import java.util.List;

/** What the members do, one after another, all of them the same. */
public sealed interface Command {

  /** All of it or nothing. */
  record Put(List<Op> ops) implements Command {
    public Put {
      ops = List.copyOf(ops);
    }
  }

  /** Opens a session. */
  record Open(String name, long ttlMillis) implements Command {}

  /** Its holder is alive. */
  record Renew(String session) implements Command {}

  /** Its holder ends it. */
  record End(String session) implements Command {}

  /**
   * The leader saw nobody renew it for the TTL. Without effect if somebody did meanwhile.
   *
   * @param renewedAt revision of the renewal that the leader knew of
   */
  record Expire(String session, long renewedAt) implements Command {}
}
