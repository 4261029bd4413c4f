package io.weft.path.ice.check;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** The checks of one attempt. Any thread; never blocks. */
public interface Check {

  /** One more address of the peer, already filtered. */
  void remote(RemoteAddress candidate);

  /** A STUN packet for this attempt that came straight to the port. The buffer is only lent. */
  void packet(ByteBuf packet, InetSocketAddress from);

  /** Frees all of it: threads, memory, what waits. Idempotent. */
  void close();
}
