package io.weft.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A service as this node knows it.
 *
 * @param exposed whether this node offers it
 * @param target where channels to it lead on this node; null if it is not exposed here
 * @param peers who offers it, of the peers with a link, by name
 */
public record ServiceInfo(String name, ChannelKind kind, boolean exposed, @Nullable String target, List<String> peers) {

  public ServiceInfo {
    peers = List.copyOf(peers);
  }
}
