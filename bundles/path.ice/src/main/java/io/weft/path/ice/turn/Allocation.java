package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.weft.node.Reason;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * An address that a relay lends this node, with everything that keeps it: refreshes, permissions, channels and credentials renew
 * themselves. All who want the same relay share one, because a relay knows a client by its address and port. Any thread, unless said
 * otherwise.
 */
public interface Allocation {

  /** The address that peers see. */
  InetSocketAddress relayed();

  /** This node's address as the relay sees it; over TCP it is of no use to anybody else. */
  InetSocketAddress mapped();

  RelayTarget target();

  /** Sends a connectivity check to a peer, or drops it. Permission is asked for first where it is missing. Takes over the buffer. */
  void send(ByteBuf packet, InetSocketAddress to);

  /** What the conduit sends goes to that peer through the relay from now on, framed as a channel's data as soon as there is one. */
  void lead(Conduit conduit, InetSocketAddress to, PathInfo info);

  /** QUIC packets that come through the relay from that peer are the conduit's, the latest that admits it. */
  void admit(Conduit conduit, InetSocketAddress from);

  /** The conduit is gone, or has another way. */
  void forget(Conduit conduit);

  /** Asks the relay at once whether the address is still there, because nothing comes through it any more. */
  void probe();

  /** The way to the relay is known to be dead: ends it for all who have it. */
  void abandon();

  /** Why the relay refuses to talk to that peer, if it does: {@code turn_refused} with the number of the error. */
  Optional<Reason> refusal(InetAddress peer);

  /** When the credentials in use end. */
  Instant expires();

  long bytesSent();

  long bytesReceived();

  /**
   * Completes when the relay no longer lends the address: {@code turn_refused}, {@code unauthorized}, {@code clock_skew}, {@code unreachable},
   * {@code expired} (also because this node has another address now) or {@code closed}.
   */
  CompletionStage<Reason> ended();

  /** Whoever got it from {@link TurnClient#allocate} gives it back once; a while after the last did, the relay is told. */
  void close();
}
