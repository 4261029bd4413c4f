package io.weft.transport.quic;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket as conduits and those who listen for packets see it. The main one outlives a change of the port. On the loop. */
final class Gate {

  private final PacketHandlers others = new PacketHandlers();
  private final Claims claims = new Claims();
  private final Map<InetSocketAddress, PortConduit> sources = new HashMap<>();
  private final Set<PortConduit> users = new HashSet<>();
  private final @Nullable Runnable unused;
  private @Nullable Channel channel;

  /** @param unused runs when the last conduit that went through it is closed; null for the main one, which has no channel either */
  Gate(@Nullable Runnable unused) {
    this.unused = unused;
  }

  boolean isMain() {
    return unused == null;
  }

  void opened(Channel socket) {
    channel = socket;
  }

  /** Its own socket, or null. */
  @Nullable Channel channel() {
    return channel;
  }

  PacketHandlers others() {
    return others;
  }

  Claims claims() {
    return claims;
  }

  void usedBy(PortConduit conduit) {
    if (!isMain()) {
      users.add(conduit);
    }
  }

  void noMore(PortConduit conduit) {
    if (users.remove(conduit) && users.isEmpty() && unused != null) {
      unused.run();
    }
  }

  /** What comes here from this address is the conduit's from now on, and no other's. */
  void list(InetSocketAddress from, PortConduit to) {
    PortConduit before = sources.put(from, to);
    if (before != null && before != to) {
      before.lost(new PortConduit.Source(this, from));
    }
  }

  void unlist(InetSocketAddress from, PortConduit conduit) {
    sources.remove(from, conduit);
  }

  /** The conduit that this address leads to, or null. */
  @Nullable PortConduit of(InetSocketAddress from) {
    return sources.get(from);
  }

  /** Addresses that lead to a conduit; for tests. */
  int listed() {
    return sources.size();
  }
}
