package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The versions of this transport that share one address while one takes over from the other. The kernel gives each packet to one of their
 * sockets, not always to that of the version that knows the connection; so each passes on what it does not know, first to newer ones, then,
 * from the newest, to older ones. On the loop.
 */
final class Sharing {

  private @Nullable BiConsumer<ByteBuf, InetSocketAddress> newer;
  private @Nullable BiConsumer<ByteBuf, InetSocketAddress> older;

  void newer(@Nullable BiConsumer<ByteBuf, InetSocketAddress> next) {
    newer = next;
  }

  void older(@Nullable BiConsumer<ByteBuf, InetSocketAddress> last) {
    older = last;
  }

  boolean hasOlder() {
    return older != null;
  }

  /** Gives a packet that is not known here away, and leaves the buffer as it is. Returns false if nobody else is there. */
  boolean up(ByteBuf packet, InetSocketAddress from) {
    return pass(newer, packet, from);
  }

  /** The same towards older versions. */
  boolean down(ByteBuf packet, InetSocketAddress from) {
    return pass(older, packet, from);
  }

  private static boolean pass(@Nullable BiConsumer<ByteBuf, InetSocketAddress> to, ByteBuf packet, InetSocketAddress from) {
    if (to == null) {
      return false;
    }
    // A copy: what the socket read may lie in memory that the next read uses.
    to.accept(packet.alloc().directBuffer(packet.readableBytes()).writeBytes(packet, packet.readerIndex(), packet.readableBytes()), from);
    return true;
  }
}
