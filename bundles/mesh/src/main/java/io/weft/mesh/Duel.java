package io.weft.mesh;

import io.weft.node.NodeId;

/** Which of two sessions with one peer lives. Both sides know the same facts, so both decide the same, without asking. */
final class Duel {

  /**
   * What counts.
   *
   * @param incarnation of the peer
   * @param attempt counts up on the side that dialled
   */
  record Facts(long incarnation, NodeId dialer, long attempt) {}

  private Duel() {}

  /** Whether a session that just said hello beats the one that is up. */
  static boolean wins(Facts newer, Facts older) {
    if (newer.incarnation != older.incarnation) {
      return true; // The peer has restarted since; the older one leads to a process that is gone.
    }
    if (newer.dialer.equals(older.dialer)) {
      return newer.attempt > older.attempt;
    }
    return newer.dialer.compareTo(older.dialer) < 0;
  }
}
