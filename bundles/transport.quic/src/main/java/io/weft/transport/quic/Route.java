package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.collection.LongObjectMap;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the packets of one connection go and come from. QUIC sees one constant address that does not exist ({@link #virtual});
 * the port puts the real one in its place, so that a change of path never reaches the codec. On the port's loop.
 */
final class Route {

  private static final int FIRST = 0xf000_0000; // 240.0.0.0/4: reserved, never on a wire

  /** The address of a route, which leads back to it without a look-up. */
  static final class Virtual extends InetSocketAddress {

    private static final long serialVersionUID = 1L;
    private final transient Route route;

    private Virtual(InetAddress address, int port, Route route) {
      super(address, port);
      this.route = route;
    }

    Route route() {
      return route;
    }
  }

  /** Hears of packets that left for its peer. */
  @FunctionalInterface
  interface SentListener {
    void sent(int packets, int packetSize);
  }

  final boolean dialed;
  private final Virtual virtual;
  private volatile InetSocketAddress real;
  private boolean proved;
  private long allowance;
  private long[] ids = new long[2];
  private int idCount;
  private @Nullable SentListener sentListener;
  private long lastPacketNanos;
  private boolean closing;
  private byte @Nullable [] farewell;
  private int asked;

  /** @param number unique while the process runs; no two live routes share an address */
  Route(long number, boolean dialed, InetSocketAddress real) {
    this.dialed = dialed;
    this.proved = dialed;
    this.real = real;
    this.virtual = new Virtual(address(number >> 16), (int) (number & 0xffff), this);
  }

  /** An address out of the reserved range for whoever needs one without a route. */
  static InetSocketAddress placeholder() {
    return new InetSocketAddress(address(0), 1);
  }

  private static InetAddress address(long index) {
    int ip = FIRST | (int) (index & 0x0fff_ffff);
    try {
      return InetAddress.getByAddress(new byte[] {(byte) (ip >> 24), (byte) (ip >> 16), (byte) (ip >> 8), (byte) ip});
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  Virtual virtual() {
    return virtual;
  }

  /** An address on the wire, or that of a conduit. Any thread. */
  InetSocketAddress real() {
    return real;
  }

  /** The conduit that its packets go through, or null. Any thread. */
  @Nullable PortConduit conduit() {
    return real instanceof PortConduit.Address address ? address.conduit() : null;
  }

  void retarget(InetSocketAddress to) {
    real = to;
  }

  /** Somebody receives at the address: whoever we dial, who shows a token of ours, who finishes a handshake. */
  void proved() {
    proved = true;
  }

  /** A packet came from its address. */
  void received(int bytes, long nanos) {
    lastPacketNanos = nanos;
    PortConduit through = conduit();
    if (through != null) {
      through.heard(nanos);
    }
    if (!proved) {
      allowance += 3L * bytes;
    }
  }

  long lastPacketNanos() {
    return lastPacketNanos;
  }

  /**
   * Whether so much may be sent. Until the address was proved, three times what came from it (RFC 9000, 8.1). The codec has that
   * limit too, but does not count what it pads with.
   */
  boolean maySend(int bytes) {
    if (proved) {
      return true;
    }
    if (bytes > allowance) {
      return false;
    }
    allowance -= bytes;
    return true;
  }

  void onSent(@Nullable SentListener listener) {
    sentListener = listener;
  }

  void sent(int packets, int packetSize) {
    if (sentListener != null) {
      sentListener.sent(packets, packetSize);
    }
  }

  /** Runs what closes the connection and keeps the last packet that it sends: the one that says so. */
  void closing(Runnable close) {
    closing = true;
    try {
      close.run();
    } finally {
      closing = false;
    }
  }

  /** A packet leaves. */
  void leaving(ByteBuf packet) {
    if (closing) {
      farewell = ByteBufUtil.getBytes(packet);
    }
  }

  /** Whether the connection is over and the peer may not have heard of it. */
  boolean hasFarewell() {
    return farewell != null;
  }

  /** What to answer a peer that still sends, or null; ever more seldom (RFC 9000, 10.2.1). */
  byte @Nullable [] farewell() {
    asked++;
    return Integer.bitCount(asked) == 1 ? farewell : null;
  }

  void own(long id, LongObjectMap<Route> table) {
    if (idCount == ids.length) {
      ids = Arrays.copyOf(ids, idCount * 2);
    }
    ids[idCount++] = id;
    table.put(id, this);
  }

  void release(LongObjectMap<Route> table) {
    for (int i = 0; i < idCount; i++) {
      if (table.get(ids[i]) == this) {
        table.remove(ids[i]);
      }
    }
    idCount = 0;
  }
}
