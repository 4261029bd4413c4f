package io.weft.path;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import java.net.InetSocketAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one UDP port that QUIC and path finding share. Owned by the transport, which keeps the packets that are QUIC; all else
 * that looks like STUN (RFC 7983: first byte 0 to 3) is offered to the handlers.
 */
@ProviderType
public interface DatagramPort {

  /** The addresses it is bound to; more than one on a node with several. */
  List<InetSocketAddress> local();

  /** The loop that owns the socket. */
  EventLoop loop();

  /** Sends one packet, unreliably, and takes over the buffer. Any thread. What cannot be sent is dropped and counted. */
  void send(ByteBuf packet, InetSocketAddress to);

  /** Adds a receiver of packets that are not QUIC. */
  Registration receive(PacketHandler handler);

  /** Gets packets on {@link #loop}; must return at once. */
  @FunctionalInterface
  interface PacketHandler {

    /** @return whether it was for this handler; the first that says so ends the search. The buffer is only lent for the call. */
    boolean packet(ByteBuf packet, InetSocketAddress from);
  }
}
