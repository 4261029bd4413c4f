package io.weft.path.ice.turn;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.weft.support.stun.ChannelData;

/**
 * Puts a channel's header before each packet. The packets are copied once for it, so that they stay in one piece that the kernel cuts
 * itself; their bytes are warm in the cache then.
 */
final class Frames {

  private Frames() {}

  static ByteBuf buffer(int bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
  }

  /** @param padded to four bytes each, as on a stream */
  static void write(ByteBuf to, int channel, ByteBuf packets, int segmentSize, boolean padded) {
    int at = packets.readerIndex();
    int end = packets.writerIndex();
    while (at < end) {
      int length = Math.min(segmentSize, end - at);
      ChannelData.header(to, channel, length);
      to.writeBytes(packets, at, length);
      if (padded) {
        to.writeZero(ChannelData.padding(length));
      }
      at += length;
    }
  }
}
