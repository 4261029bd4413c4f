package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from an allocation to one peer: through its socket, or, if the peer is an address that this relay lends to another client,
 * straight to that one. On the loop of the allocation.
 */
final class PeerSink {

  private static final int LOCAL_MAX = 64;

  private final Core core;
  private final Allocation from;
  private final InetSocketAddress peer;
  private final boolean outside;
  private final Batch batch;
  private final List<ByteBuf> local = new ArrayList<>();
  private @Nullable Allocation target;

  PeerSink(Core core, Allocation from, InetSocketAddress peer) {
    this.core = core;
    this.from = from;
    this.peer = peer;
    this.outside = core.mayReach(peer);
    this.batch = new Batch(from.socket(), core.inside(peer), Segments.of(core.io()), core.counters());
  }

  /** Sends data; it stays the caller's. Goes with the next {@link #write}. */
  void add(ByteBuf data) {
    if (local.isEmpty()) {
      target = core.lends(peer.getAddress()) ? core.lent().get(peer.getPort()) : null;
    }
    if (target != null) {
      local.add(data.retainedSlice());
      if (local.size() >= LOCAL_MAX) {
        hand();
      }
    } else if (outside) {
      batch.add(data, 0);
    } else {
      core.counters().add(Count.DROPPED_NO_PERMISSION);
    }
  }

  void write() {
    hand();
    batch.write();
  }

  private void hand() {
    if (local.isEmpty()) {
      return;
    }
    List<ByteBuf> packets = List.copyOf(local);
    Allocation to = target;
    local.clear();
    InetSocketAddress source = from.relayed();
    Runnable deliver = () -> to.deliver(packets, source);
    if (to.client().loop().inEventLoop()) {
      deliver.run();
    } else {
      to.client().loop().execute(deliver);
    }
  }

  void discard() {
    batch.discard();
    local.forEach(ByteBuf::release);
    local.clear();
  }
}
