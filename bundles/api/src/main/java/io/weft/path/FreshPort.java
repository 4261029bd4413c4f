package io.weft.path;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * One more UDP port of this node, drawn by {@link DatagramPort#fresh}: for a peer that the usual one does not reach, because a NAT on
 * the way remembers something wrong about it. QUIC comes and goes through it only by conduits.
 */
@ProviderType
public interface FreshPort extends DatagramPort {

  /**
   * As {@link #send(ByteBuf, InetSocketAddress)}, but the packet goes this many hops and no further: the routers near by expect an answer
   * then, and the peer's never see it. Where the platform cannot limit it, it goes all the way. On the loop only.
   */
  void send(ByteBuf packet, InetSocketAddress to, int hops);

  /**
   * Idempotent. Closes itself with the last of the conduits that were ever led through it, or that admitted somebody at it; and with
   * the transport. A conduit that is led through a closed port leads nowhere.
   */
  void close();
}
