package io.weft.mesh;

import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.PeerIdentity;
import io.weft.node.Timers;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * What every part of the mesh needs.
 *
 * @param leaving set once this node goes: nothing new is opened, here or by peers
 * @param seeds for the random generators of those who live on a loop of their own; any thread
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
    AtomicBoolean leaving,
    LongSupplier seeds) {

  boolean isLeaving() {
    return leaving.get();
  }
}
