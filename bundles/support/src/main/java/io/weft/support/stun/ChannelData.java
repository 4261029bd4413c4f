package io.weft.support.stun;

import io.netty.buffer.ByteBuf;

/** The short frame of TURN around relayed data: {@code u16 channel, u16 length, data}; over TCP padded to four bytes (RFC 8656, section 12.4). */
public final class ChannelData {

  public static final int HEADER = 4;
  public static final int FIRST = 0x4000;

  /** The last that a client should choose today. */
  public static final int LAST = 0x4fff;

  /** The last that it could choose by RFC 5766, as coturn's client does. */
  private static final int LAST_EVER = 0x7fff;

  /** The frame was cut off. */
  public static final int MALFORMED = -1;

  private ChannelData() {}

  public static boolean isChannel(int number) {
    return number >= FIRST && number <= LAST_EVER;
  }

  /** Whether a packet begins like a frame. Reads nothing away. */
  public static boolean looksLike(ByteBuf packet) {
    return packet.readableBytes() >= HEADER && (packet.getByte(packet.readerIndex()) & 0xc0) == 0x40;
  }

  /** The channel of a packet that {@link #looksLike} a frame. */
  public static int channel(ByteBuf packet) {
    return packet.getUnsignedShort(packet.readerIndex());
  }

  /** Bytes of data in the frame at the front of a packet that {@link #looksLike} one; {@link #MALFORMED} if fewer are there. */
  public static int length(ByteBuf packet) {
    int length = packet.getUnsignedShort(packet.readerIndex() + 2);
    return length > packet.readableBytes() - HEADER ? MALFORMED : length;
  }

  public static void header(ByteBuf to, int channel, int length) {
    to.writeInt(channel << 16 | length);
  }

  /** How many zero bytes follow the data on a stream. */
  public static int padding(int length) {
    return -length & 3;
  }
}
