package io.weft.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.DatagramPacket;

/** Helps with buffers of datagrams. */
final class Datagrams {

  /** Below this a copy is cheaper than keeping the 64 KiB that it was read into while it waits in queues. */
  private static final int COPY_BELOW = 16 * 1_024;

  private Datagrams() {}

  /** The payload, with no more memory than it needs; the packet is released. */
  static ByteBuf own(DatagramPacket packet) {
    ByteBuf content = packet.content();
    int length = content.readableBytes();
    if (length >= COPY_BELOW) {
      return content;
    }
    ByteBuf copy = content.alloc().directBuffer(Math.max(1, length)).writeBytes(content);
    content.release();
    return copy;
  }
}
