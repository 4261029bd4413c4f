package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** Gets connectivity checks that came through relays. */
@FunctionalInterface
public interface CheckReceiver {

  /** On the port's loop; must return at once. The buffer is only lent for the call. @param from the peer as the relay sees it */
  void check(ByteBuf packet, InetSocketAddress from, Allocation through);
}
