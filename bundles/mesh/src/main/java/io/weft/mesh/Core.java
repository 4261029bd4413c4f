package io.weft.mesh;

import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.PeerIdentity;
import io.weft.node.Timers;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What every part of the mesh needs.
 *
 * @param leaving set once this node goes: nothing new is opened, here or by peers
 */
record Core(
    Node node,
    PeerIdentity self,
    Clock clock,
    Timers timers,
    MeshLimits limits,
    Counters counters,
    ServiceTable services,
    ChannelTable channels,
    SaidLabels labels,
    AtomicBoolean leaving) {

  boolean isLeaving() {
    return leaving.get();
  }
}
