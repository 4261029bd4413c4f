package io.weft.path;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.weft.node.Registration;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

  /**
   * Sends several packets of one size, laid end to end (the last may be shorter), in as few system calls as the platform allows.
   * Otherwise as {@link #send(ByteBuf, InetSocketAddress)}.
   *
   * @param segmentSize bytes of each packet but the last
   */
  void send(ByteBuf packets, int segmentSize, InetSocketAddress to);

  /** Adds a receiver of packets that are not QUIC. */
  Registration receive(PacketHandler handler);

  /**
   * Gives every packet from this address to the handler, those included that look like QUIC: what a relay frames does (RFC 8656,
   * section 12). Packets that the handler does not take go the usual way. One claim per address; a second replaces the first.
   *
   * @throws IllegalStateException if there are 1,024 already
   */
  Registration claim(InetSocketAddress source, PacketHandler handler);

  /**
   * A new conduit that leads nowhere yet. Whoever asked closes it. Any thread.
   *
   * @throws IllegalStateException if there are 1,024 already, or the transport is stopped
   */
  Conduit conduit();

  /**
   * Binds one more port, whose number the system draws, on the same loop and at the same address. Any thread. Whoever asked closes it.
   * Completes exceptionally if there are 8 already, or none can be bound; trying again is safe.
   */
  CompletableFuture<FreshPort> fresh();

  /** Gets packets on {@link #loop}; must return at once. */
  @FunctionalInterface
  interface PacketHandler {

    /** @return whether it was for this handler; the first that says so ends the search. The buffer is only lent for the call. */
    boolean packet(ByteBuf packet, InetSocketAddress from);
  }
}
