package io.weft.mesh;

import io.weft.channel.ChannelInfo;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The channels of all links, for those who look at them. Any thread. */
final class ChannelTable {

  private final Map<Long, MeshChannel> channels = new ConcurrentHashMap<>();
  private final AtomicLong lastId = new AtomicLong();

  long nextId() {
    return lastId.incrementAndGet();
  }

  void add(MeshChannel channel) {
    channels.put(channel.id(), channel);
  }

  void remove(MeshChannel channel) {
    channels.remove(channel.id());
  }

  List<ChannelInfo> infos() {
    return channels.values().stream().map(MeshChannel::info).sorted(Comparator.comparingLong(ChannelInfo::id)).toList();
  }
}
