package io.weft.dcs;

import java.util.List;
import java.util.Optional;

/**
 * A store as one node sees it. Empty means unknown, which is not healthy.
 *
 * @param state one word
 * @param detail one line for people: what it is, or what it waits for
 * @param leader name of the leading member
 * @param revision newest known; 0 if unknown
 * @param replicas how many members keep each write
 * @param synced whether a write is on disk before it is confirmed
 * @param authenticated whether the store asks who its clients are
 * @param encrypted whether nobody on the way can read along
 */
public record DcsStatus(
    State state,
    String detail,
    Optional<String> leader,
    long revision,
    List<DcsMember> members,
    Optional<Integer> replicas,
    Optional<Boolean> synced,
    Optional<Boolean> authenticated,
    Optional<Boolean> encrypted) {

  /** Whether it serves. */
  public enum State {
    /** Reads and writes. */
    SERVING,
    /** Reachable, and it can neither read nor write safely: no quorum, no leader, still starting. */
    WAITING,
    /** Not reachable from here. */
    UNREACHABLE
  }

  public DcsStatus {
    members = List.copyOf(members);
  }
}
