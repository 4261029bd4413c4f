package io.weft.support.stun;

import io.netty.buffer.ByteBuf;

/** Where messages and frames end on a stream, such as TURN over TCP: both say their length in their first four bytes. */
public final class StunStream {

  /** More bytes are needed to tell. */
  public static final int UNKNOWN = -1;

  private StunStream() {}

  /**
   * Bytes of what begins here, padding included; {@link #UNKNOWN} if fewer than four are there.
   *
   * @throws MalformedStun if it is neither, or longer than it may be: the stream cannot be read any further
   */
  public static int length(ByteBuf bytes) {
    if (bytes.readableBytes() < ChannelData.HEADER) {
      return UNKNOWN;
    }
    int at = bytes.readerIndex();
    int first = bytes.getByte(at) & 0xff;
    int length = bytes.getUnsignedShort(at + 2);
    if ((first & 0xc0) == 0x40) {
      return ChannelData.HEADER + length + ChannelData.padding(length);
    }
    if ((first & 0x80) != 0 || (length & 3) != 0 || length + Stun.HEADER > Stun.DATA_LENGTH_MAX) {
      throw new MalformedStun("neither a STUN message nor a frame of a channel");
    }
    return Stun.HEADER + length;
  }
}
