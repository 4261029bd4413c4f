package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import java.net.InetSocketAddress;

/** A way out of this node for STUN and for QUIC: its port, or an address that a relay lends. Any thread, unless said otherwise. */
interface Wire {

  /** {@code host} for the port, {@code relay} for a relay. */
  CandidateKind kind();

  /** For people. */
  String name();

  /** Whether packets to this address can leave here. */
  boolean reaches(InetSocketAddress to);

  /** Takes over the buffer. */
  void send(ByteBuf packet, InetSocketAddress to);

  /** What the conduit sends leaves here from now on, to this address. */
  void lead(Conduit conduit, InetSocketAddress to, PathInfo info);

  /** QUIC packets that come here from this address are the conduit's. */
  void admit(Conduit conduit, InetSocketAddress from);

  /** The conduit is gone. */
  void forget(Conduit conduit);
}
