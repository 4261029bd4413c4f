package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All conduits of this node. Outlives a change of the port. On the loop, unless said otherwise. */
final class Conduits {

  static final int MAX = 1_024;
  static final int ADMITTED_MAX = 8;

  // Each gets a network (/24) of its own out of 240.0.0.0/4, which is on no wire: what is counted by network is counted by
  // conduit.
  private static final int NETWORKS = 1 << 20;
  private static final int FIRST = 0xf000_0000;

  private final LinkContext context;
  private final Supplier<@Nullable PacketMux> mux;
  private final Gate main = new Gate(null);
  private final Set<PortConduit> live = new HashSet<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong next = new AtomicLong();
  private volatile boolean ended;

  /** @param mux of the port as it is bound now, if it is */
  Conduits(LinkContext context, Supplier<@Nullable PacketMux> mux) {
    this.context = context;
    this.mux = mux;
  }

  /** Any thread. */
  Conduit open() {
    if (ended) {
      throw new IllegalStateException("the transport is stopped");
    }
    if (count.incrementAndGet() > MAX) {
      count.decrementAndGet();
      throw new IllegalStateException("there are " + MAX + " conduits already");
    }
    long number = next.getAndIncrement();
    PortConduit conduit = new PortConduit(this, network(number), 1 + (int) (number / NETWORKS % 65_535));
    onLoop(() -> {
      live.add(conduit);
      if (ended) {
        conduit.closeNow();
      }
    });
    return conduit;
  }

  private static InetAddress network(long number) {
    int ip = FIRST | (int) (number % NETWORKS) << 8 | 1;
    try {
      return InetAddress.getByAddress(new byte[] {(byte) (ip >> 24), (byte) (ip >> 16), (byte) (ip >> 8), (byte) ip});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** At once if this is the loop: what a check proved holds for the very next packet. Any thread. */
  void onLoop(Runnable change) {
    if (context.loop().inEventLoop()) {
      change.run();
    } else {
      context.loop().execute(change);
    }
  }

  Counters counters() {
    return context.counters();
  }

  /** What comes and goes through the main socket. */
  Gate main() {
    return main;
  }

  /** The gate of a port that we made; any other can only stand for the main one. */
  Gate gate(DatagramPort port) {
    return port instanceof SparePort spare ? spare.gate() : main;
  }

  @Nullable PacketMux mux() {
    return mux.get();
  }

  void received(PortConduit conduit, ByteBuf packet) {
    PacketMux to = mux.get();
    if (!context.loop().inEventLoop()) {
      packet.release();
      throw new IllegalStateException("a packet that was not given on the port's loop");
    }
    if (to == null || conduit.isClosed()) {
      packet.release();
      context.counters().add(Counters.PACKETS_UNKNOWN);
    } else {
      to.inject(packet, conduit.address());
    }
  }

  void gone(PortConduit conduit) {
    if (live.remove(conduit)) {
      count.decrementAndGet();
    }
  }

  /** Closes all of them, those included that are being made. */
  void end() {
    ended = true;
    List.copyOf(live).forEach(PortConduit::closeNow);
  }

  int size() {
    return live.size();
  }
}
