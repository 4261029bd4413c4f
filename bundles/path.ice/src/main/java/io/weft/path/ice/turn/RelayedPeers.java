package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.path.ice.turn.TurnClient.Tools;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whom the relay lets through and by which channel. Permissions and channels are asked for when they are first needed and again before
 * they end, as long as somebody uses them. On the loop, unless said otherwise.
 */
final class RelayedPeers {

  private static final Duration PERMISSION_LIFE = Duration.ofSeconds(300);
  private static final Duration CHANNEL_LIFE = Duration.ofSeconds(600);
  private static final Duration RENEW_BEFORE = Duration.ofSeconds(120);
  private static final Duration UNUSED = Duration.ofSeconds(300);
  private static final Duration REFUSED_FOR = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int PEERS_MAX = 1_024;
  private static final int CHANNELS_MAX = 256;
  private static final int HELD_MAX = 8;

  private static final class Permission {
    private boolean asked;
    private boolean granted;
    private long until;
    private long used;
    private final ArrayDeque<Held> held = new ArrayDeque<>();
  }

  private record Held(ByteBuf packet, InetSocketAddress to) {}

  private record Refused(Reason reason, long until) {}

  private static final class Channel {
    private final int number;
    private boolean asked;
    private boolean bound;
    private long until;
    private long used;

    Channel(int number) {
      this.number = number;
    }
  }

  private final Tools tools;
  private final Leg leg;
  private final Exchange exchange;
  private final RelayTarget target;
  private final Map<InetAddress, Permission> permissions = new HashMap<>();
  private final Map<InetAddress, Refused> refused = new ConcurrentHashMap<>();
  private final Map<InetSocketAddress, Channel> channels = new HashMap<>();
  private final Map<Integer, InetSocketAddress> byNumber = new HashMap<>();
  private int nextNumber;

  RelayedPeers(Tools tools, Leg leg, Exchange exchange, RelayTarget target) {
    this.tools = tools;
    this.leg = leg;
    this.exchange = exchange;
    this.target = target;
    this.nextNumber = tools.random().nextInt(ChannelData.LAST - ChannelData.FIRST + 1);
  }

  /** Any thread. */
  Optional<Reason> refusal(InetAddress peer) {
    Refused no = refused.get(peer);
    return no == null ? Optional.empty() : Optional.of(no.reason);
  }

  /** The peer of a channel, or null. */
  @Nullable InetSocketAddress peer(int channel) {
    return byNumber.get(channel);
  }

  /** Sends one packet. Takes over the buffer. */
  void send(ByteBuf packet, InetSocketAddress to) {
    long now = tools.clock().nanos();
    Channel channel = channels.get(to);
    if (channel != null && channel.bound && channel.until - now > 0) {
      channel.used = now;
      leg.frames(channel.number, packet, Math.max(1, packet.readableBytes()));
      return;
    }
    Permission permission = permission(to.getAddress(), now);
    if (permission == null) {
      packet.release();
    } else if (permission.granted && permission.until - now > 0) {
      indicate(packet, to);
    } else if (permission.held.size() < HELD_MAX) {
      permission.held.add(new Held(packet, to));
    } else {
      packet.release();
    }
  }

  /** Sends packets of one size laid end to end. Takes over the buffer. */
  void send(ByteBuf packets, int segmentSize, InetSocketAddress to) {
    long now = tools.clock().nanos();
    Channel channel = channel(to, now);
    if (channel != null && channel.bound && channel.until - now > 0) {
      leg.frames(channel.number, packets, segmentSize);
      return;
    }
    try {
      while (packets.isReadable()) {
        send(packets.readRetainedSlice(Math.min(segmentSize, packets.readableBytes())), to);
      }
    } finally {
      packets.release();
    }
  }

  private void indicate(ByteBuf packet, InetSocketAddress to) {
    try {
      leg.send(StunWriter.of(Kind.indication, Stun.SEND, Transaction.draw(tools.random()))
          .address(Stun.XOR_PEER_ADDRESS, to).data(Stun.DATA_VALUE, packet).finish());
    } finally {
      packet.release();
    }
  }

  /** The permission of that address, asked for if need be; null if there is none to be had. */
  private @Nullable Permission permission(InetAddress peer, long now) {
    Refused no = refused.get(peer);
    if (no != null && no.until - now > 0) {
      return null;
    }
    Permission permission = permissions.get(peer);
    if (permission == null) {
      if (permissions.size() >= PEERS_MAX) {
        return null;
      }
      permission = new Permission();
      permissions.put(peer, permission);
    }
    permission.used = now;
    if (!permission.asked && (!permission.granted || permission.until - now <= 0)) {
      ask(peer, permission);
    }
    return permission;
  }

  private void ask(InetAddress peer, Permission permission) {
    permission.asked = true;
    exchange.ask(Stun.CREATE_PERMISSION, w -> w.address(Stun.XOR_PEER_ADDRESS, new InetSocketAddress(peer, 0)), PATIENCE, answer -> {
      permission.asked = false;
      permission.granted = answer.isSuccess();
      long now = tools.clock().nanos();
      permission.until = now + PERMISSION_LIFE.toNanos();
      if (answer.isSuccess()) {
        refused.remove(peer);
        permission.held.forEach(held -> indicate(held.packet, held.to));
      } else {
        permissions.remove(peer);
        permission.held.forEach(held -> held.packet.release());
        if (answer.error() != 0) {
          refused.put(peer, new Refused(answer.reason(target), now + REFUSED_FOR.toNanos()));
        }
      }
      permission.held.clear();
    });
  }

  /** The channel of that peer, asked for if need be; null while there is no room. */
  private @Nullable Channel channel(InetSocketAddress to, long now) {
    Channel channel = channels.get(to);
    if (channel == null) {
      Refused no = refused.get(to.getAddress());
      if (channels.size() >= CHANNELS_MAX || no != null && no.until - now > 0) {
        return null;
      }
      channel = new Channel(freeNumber());
      channels.put(to, channel);
      byNumber.put(channel.number, to);
    }
    channel.used = now;
    if (!channel.asked && (!channel.bound || channel.until - now <= 0)) {
      bind(to, channel);
    }
    return channel;
  }

  private int freeNumber() {
    int range = ChannelData.LAST - ChannelData.FIRST + 1;
    int number;
    do {
      number = ChannelData.FIRST + nextNumber;
      nextNumber = (nextNumber + 1) % range;
    } while (byNumber.containsKey(number));
    return number;
  }

  /** Makes sure that there is a channel, or that one is being asked for. */
  void want(InetSocketAddress peer) {
    channel(peer, tools.clock().nanos());
  }

  private void bind(InetSocketAddress to, Channel channel) {
    channel.asked = true;
    exchange.ask(Stun.CHANNEL_BIND, w -> w.channel(channel.number).address(Stun.XOR_PEER_ADDRESS, to), PATIENCE, answer -> {
      channel.asked = false;
      channel.bound = answer.isSuccess();
      long now = tools.clock().nanos();
      channel.until = now + CHANNEL_LIFE.toNanos();
      if (!answer.isSuccess()) {
        channels.remove(to, channel);
        byNumber.remove(channel.number, to);
        if (answer.error() != 0) {
          refused.put(to.getAddress(), new Refused(answer.reason(target), now + REFUSED_FOR.toNanos()));
        }
        return;
      }
      Permission permission = permissions.computeIfAbsent(to.getAddress(), ip -> new Permission());
      permission.used = Math.max(permission.used, channel.used);
      if (!permission.asked) {
        permission.granted = true;
        permission.until = now + PERMISSION_LIFE.toNanos();
      }
    });
  }

  /** Now and then: asks again for what ends soon, lets go what nobody uses. */
  void tick() {
    long now = tools.clock().nanos();
    for (Map.Entry<InetSocketAddress, Channel> entry : List.copyOf(channels.entrySet())) {
      Channel channel = entry.getValue();
      boolean used = now - channel.used < UNUSED.toNanos();
      if (used && channel.bound && !channel.asked) {
        permissions.computeIfPresent(entry.getKey().getAddress(), (ip, permission) -> {
          permission.used = Math.max(permission.used, channel.used);
          return permission;
        });
        if (channel.until - now < RENEW_BEFORE.toNanos()) {
          bind(entry.getKey(), channel);
        }
      } else if (!channel.asked && channel.until + UNUSED.toNanos() - now < 0) {
        // Only when the relay has forgotten it too, five minutes after its end: then the number may mean another peer.
        channels.remove(entry.getKey());
        byNumber.remove(channel.number);
      }
    }
    for (Map.Entry<InetAddress, Permission> entry : List.copyOf(permissions.entrySet())) {
      Permission permission = entry.getValue();
      boolean used = now - permission.used < UNUSED.toNanos();
      if (used && !permission.asked && permission.until - now < RENEW_BEFORE.toNanos()) {
        ask(entry.getKey(), permission);
      } else if (!used && !permission.asked) {
        permissions.remove(entry.getKey());
      }
    }
    refused.values().removeIf(no -> no.until - now <= 0);
  }

  void close() {
    permissions.values().forEach(permission -> permission.held.forEach(held -> held.packet.release()));
    permissions.clear();
    channels.clear();
    byNumber.clear();
  }
}
