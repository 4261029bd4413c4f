package io.weft.path;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One peer as QUIC sees it on this node's {@link DatagramPort}: an address that never changes and is on no wire, whatever becomes of
 * the way to the peer. A path source moves it between addresses and relays; the connection above never notices. Both sides of a path
 * have one: the side that accepts the connection too.
 *
 * <p>Any thread, unless said otherwise; changes take effect in the order in which they were made, on the port's loop, and at once
 * when made there. Survives a change of the port's address; ends with the transport.
 */
@ProviderType
public interface Conduit {

  /** What stands for the peer; constant. {@link Path#remote} of a path through this conduit is this very object. */
  InetSocketAddress address();

  /**
   * Sends straight to this address from now on, and takes packets from it as the peer's. Null: to nowhere, packets are dropped. An
   * address that was left and not admitted leads here no more.
   */
  void sendTo(@Nullable InetSocketAddress to, PathInfo info);

  /** The same from another port of this node than the usual one: one that {@link DatagramPort#fresh} gave. */
  void sendTo(DatagramPort by, InetSocketAddress to, PathInfo info);

  /** Gives packets to a carrier from now on, such as one that frames them for a relay. */
  void sendThrough(Carrier carrier, PathInfo info);

  /**
   * Takes QUIC packets from this address as the peer's too, because a connectivity check proved that it is there. A connection that
   * starts from it need not prove the address again. One address leads to one conduit: the latest that admits it or sends to it. At
   * most 8 per conduit; the oldest goes first. A link that came up from this address before is none of this conduit.
   */
  void admit(InetSocketAddress from);

  /** The same for what comes from there to another port of this node. An address at each port counts by itself. */
  void admit(DatagramPort at, InetSocketAddress from);

  /**
   * A QUIC packet of the peer that came another way, such as out of a relay's frame. Takes over the buffer. On the port's loop only.
   * Proves nothing: a connection that starts so may be asked to show that it is answered.
   */
  void received(ByteBuf packet);

  /** What was told last; what links over this conduit show. */
  PathInfo info();

  /**
   * Monotonic time of the last QUIC packet that belongs to a link of this conduit, as {@link io.weft.node.Clock#nanos};
   * {@link Long#MIN_VALUE} if there was none. A hint: it was not decrypted yet.
   */
  long lastReceivedNanos();

  /** Idempotent. Its address leads nowhere afterwards and is never used again; links over it hear nothing more. */
  void close();

  /** Carries packets another way than straight through the port. */
  @FunctionalInterface
  interface Carrier {

    /**
     * Sends packets of one size laid end to end (the last may be shorter), or drops what it cannot send. Takes over the buffer.
     * On the port's loop; must return at once. What it gives to {@link DatagramPort#send} meanwhile leaves with the next flush of
     * the transport, in one call with the rest.
     */
    void send(ByteBuf packets, int segmentSize);
  }
}
