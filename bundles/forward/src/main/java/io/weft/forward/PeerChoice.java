package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Chooses for {@code any}: the next in turn of those peers that offer the service and have a link. Any thread. */
final class PeerChoice {

  private final Fabric fabric;
  private final AtomicInteger turn = new AtomicInteger();

  PeerChoice(Fabric fabric) {
    this.fabric = fabric;
  }

  /** Null if there is none but those that were tried. */
  @Nullable String next(String service, ChannelKind kind, Set<String> tried) {
    for (ServiceInfo info : fabric.services()) {
      if (info.kind() == kind && info.name().equals(service)) {
        List<String> peers = info.peers();
        int from = turn.getAndIncrement();
        for (int i = 0; i < peers.size(); i++) {
          String peer = peers.get(Math.floorMod(from + i, peers.size()));
          if (!tried.contains(peer)) {
            return peer;
          }
        }
      }
    }
    return null;
  }
}
