package io.weft.relay.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.collection.IntObjectMap;
import io.weft.node.Registration;
import io.weft.relay.RelayAllocation;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunWriter;
import io.weft.support.stun.Transaction;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A port that is lent to a client, with whom it may talk to. On the loop of the client, unless said otherwise. */
final class Allocation {

  static final Duration PERMISSION_LIFE = Duration.ofSeconds(300);
  static final Duration CHANNEL_LIFE = Duration.ofSeconds(600);

  private final Core core;
  private final Client client;
  private final String user;
  private final Transaction made;
  private final Channel socket;
  private final int port;
  private final InetSocketAddress relayed;
  private final Instant since;
  private final Meter meter;
  private final Map<InetAddress, Permission> permissions = new HashMap<>();
  private final IntObjectMap<Binding> byNumber = new IntObjectHashMap<>();
  private final Map<InetSocketAddress, Binding> byPeer = new HashMap<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private Registration expiry = () -> {};
  private @Nullable Binding dirty;
  private long packetsOut;
  private long bytesOut;
  private long packetsIn;
  private long bytesIn;
  private volatile int permissionCount;
  private volatile int channelCount;
  private volatile Instant expires;
  private long reserved;
  private boolean closed;

  Allocation(Core core, Client client, String user, Transaction made, Channel socket, int port) {
    this.core = core;
    this.client = client;
    this.user = user;
    this.made = made;
    this.socket = socket;
    this.port = port;
    this.relayed = new InetSocketAddress(core.external(), port);
    this.since = core.clock().now();
    this.expires = since;
    this.meter = new Meter(core.limits().get().allocationBytesPerSecond(), core.clock().nanos());
  }

  Client client() {
    return client;
  }

  String user() {
    return user;
  }

  Channel socket() {
    return socket;
  }

  InetSocketAddress relayed() {
    return relayed;
  }

  /** Whether it is what that very request asked for, so that its answer only was lost. */
  boolean madeBy(Transaction transaction) {
    return made.equals(transaction);
  }

  /** The token of the port beside it, which is kept for another allocation; 0 if none is. */
  long reserved() {
    return reserved;
  }

  void reserved(long token) {
    reserved = token;
  }

  void livesFor(Duration life) {
    expiry.close();
    expires = core.clock().now().plus(life);
    expiry = core.timers().after(life, client.loop(), this::close);
  }

  /** Lets an address in, or lets it stay. False if there are too many. */
  boolean permit(InetAddress peer, long now) {
    Permission permission = permissions.get(peer);
    if (permission == null) {
      if (permissions.size() >= core.limits().get().permissionsMax()) {
        permissions.values().removeIf(p -> !p.holds(now));
      }
      if (permissions.size() >= core.limits().get().permissionsMax()) {
        return false;
      }
      permission = new Permission();
      permissions.put(peer, permission);
      permissionCount = permissions.size();
      for (Binding binding : byPeer.values()) {
        if (binding.peer.getAddress().equals(peer)) {
          binding.permission = permission; // Its own had ended and was thrown out.
        }
      }
    }
    permission.until = now + PERMISSION_LIFE.toNanos();
    return true;
  }

  /** What came of binding a channel. */
  enum Bound {
    bound,
    conflict,
    too_many
  }

  Bound bind(int number, InetSocketAddress peer, long now) {
    Binding there = byNumber.get(number);
    Binding other = byPeer.get(peer);
    if (there == null && other == null) {
      if (byNumber.size() >= core.limits().get().channelsMax()) {
        List.copyOf(byPeer.values()).stream().filter(b -> b.until - now <= 0).forEach(this::unbind);
      }
      if (byNumber.size() >= core.limits().get().channelsMax() || !permit(peer.getAddress(), now)) {
        return Bound.too_many;
      }
      there = new Binding(number, peer, new PeerSink(core, this, peer), permissions.get(peer.getAddress()));
      byNumber.put(number, there);
      byPeer.put(peer, there);
      channelCount = byNumber.size();
    } else if (there != other) {
      if (there != null && there.until - now > 0 || other != null && other.until - now > 0) {
        return Bound.conflict;
      }
      unbind(there);
      unbind(other);
      return bind(number, peer, now);
    } else if (!permit(peer.getAddress(), now)) {
      return Bound.too_many;
    }
    there.until = now + CHANNEL_LIFE.toNanos();
    return Bound.bound;
  }

  private void unbind(@Nullable Binding binding) {
    if (binding != null) {
      binding.sink.discard();
      byNumber.remove(binding.number);
      byPeer.remove(binding.peer);
      channelCount = byNumber.size();
    }
  }

  /** Data of the client for a channel; it stays the caller's. Goes with the next {@link #flush}. */
  void fromClient(int channel, ByteBuf data, long now) {
    Binding binding = byNumber.get(channel);
    if (binding == null || !binding.holds(now)) {
      core.counters().add(Count.DROPPED_NO_PERMISSION);
    } else if (mayPass(data, now)) {
      if (dirty != binding) {
        writeOut();
        dirty = binding;
      }
      binding.sink.add(data);
      left(data.readableBytes());
    }
  }

  /** Data of the client for a peer, from an indication. */
  void fromClient(InetSocketAddress peer, ByteBuf data, long now) {
    Permission permission = permissions.get(peer.getAddress());
    if (permission == null || !permission.holds(now)) {
      core.counters().add(Count.DROPPED_NO_PERMISSION);
    } else if (mayPass(data, now)) {
      PeerSink sink = new PeerSink(core, this, peer);
      sink.add(data);
      sink.write();
      left(data.readableBytes());
    }
  }

  private void left(int bytes) {
    packetsOut++;
    bytesOut += bytes;
  }

  /** Data of a peer; it stays the caller's. Goes with the next {@link #flush}. */
  void fromPeer(ByteBuf data, InetSocketAddress peer, long now) {
    Binding binding = byPeer.get(peer);
    if (binding != null && binding.holds(now)) {
      if (mayPass(data, now)) {
        client.frame(binding.number, data);
        delivered(data.readableBytes());
      }
      return;
    }
    Permission permission = permissions.get(peer.getAddress());
    if (permission == null || !permission.holds(now) || !core.isLent(peer) && !core.mayReach(peer)) {
      core.counters().add(Count.DROPPED_NO_PERMISSION);
    } else if (mayPass(data, now)) {
      client.send(StunWriter.of(Kind.indication, Stun.DATA, Transaction.draw(core.random()))
          .address(Stun.XOR_PEER_ADDRESS, peer).data(Stun.DATA_VALUE, data).finish());
      delivered(data.readableBytes());
    }
  }

  private void delivered(int bytes) {
    packetsIn++;
    bytesIn += bytes;
  }

  /** Packets of another client of this relay. Takes over the buffers. */
  void deliver(List<ByteBuf> packets, InetSocketAddress from) {
    long now = core.clock().nanos();
    for (ByteBuf packet : packets) {
      if (!closed) {
        fromPeer(packet, from, now);
      }
      packet.release();
    }
    flush();
  }

  private boolean mayPass(ByteBuf data, long now) {
    int bytes = data.readableBytes();
    boolean passes = !closed && meter.take(bytes, now) && core.meter().take(bytes, now);
    if (!passes) {
      core.counters().add(Count.DROPPED_OVER_RATE);
    }
    return passes;
  }

  private void writeOut() {
    if (dirty != null) {
      dirty.sink.write();
      dirty = null;
    }
  }

  /** Sends everything that was added, either way. */
  void flush() {
    boolean out = packetsOut > 0;
    boolean in = packetsIn > 0;
    if (out || in) {
      count();
    }
    if (out) {
      writeOut();
      socket.flush();
    }
    if (in) {
      client.flush();
    }
  }

  /** Once for what was read together, because counting each packet costs as much as moving it. */
  private void count() {
    sent.add(bytesOut);
    received.add(bytesIn);
    core.counters().add(Count.PACKETS_TO_PEERS, packetsOut);
    core.counters().add(Count.BYTES_TO_PEERS, bytesOut);
    core.counters().add(Count.PACKETS_TO_CLIENTS, packetsIn);
    core.counters().add(Count.BYTES_TO_CLIENTS, bytesIn);
    core.load().add(bytesOut + bytesIn, core.clock().nanos());
    packetsOut = 0;
    bytesOut = 0;
    packetsIn = 0;
    bytesIn = 0;
  }

  /** Ends it: gives the port back. Idempotent. */
  void close() {
    if (closed) {
      return;
    }
    closed = true;
    expiry.close();
    List.copyOf(byPeer.values()).forEach(this::unbind);
    dirty = null;
    core.lent().remove(port, this);
    client.allocation(null);
    core.quotas().give(user);
    core.counters().add(Count.ALLOCATIONS_ENDED);
    socket.close().addListener(done -> core.ports().give(port));
  }

  /** Any thread. */
  RelayAllocation info() {
    return new RelayAllocation(
        user, Text.of(client.address()), client.protocol(), Text.of(relayed), permissionCount, channelCount, sent.sum(), received.sum(), since, expires);
  }
}
