package io.weft.path.ice.check;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** How checks send. Any thread. */
@FunctionalInterface
public interface Sockets {

  /** Takes over the buffer. Responses to requests that leave this way come to {@link Check#packet}. */
  void send(ByteBuf packet, InetSocketAddress to);
}
