package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.transport.quic.codec.QuicEndpoint;

/**
 * What the port reads of a packet before the codec does (RFC 7983 for the kind, RFC 8999 and 9000 for the ids). Every byte comes
 * from outside; nothing is read that is not there, and nothing is kept.
 */
final class PacketHead {

  /** Anything that has no place here. */
  static final int OTHER = 0;

  static final int STUN = 1;
  static final int SHORT = 2;
  static final int LONG = 3;
  static final int INITIAL = 4;

  static final int VERSION_1 = 1;
  /** An INITIAL comes in a datagram of at least this size (RFC 9000, 14.1), or it would be a lever for amplification. */
  static final int INITIAL_SIZE_MIN = 1_200;

  static final int ID_MIN = 8;
  static final int ID_MAX = 20;

  private PacketHead() {}

  /** One of the constants above. */
  static int kind(ByteBuf packet) {
    int size = packet.readableBytes();
    if (size < 1) {
      return OTHER;
    }
    int first = packet.getUnsignedByte(packet.readerIndex());
    if (first < 4) {
      return STUN;
    }
    if ((first & 0xc0) == 0x40) {
      return size > 1 + QuicEndpoint.ID_LENGTH ? SHORT : OTHER;
    }
    if ((first & 0xc0) == 0xc0 && size > 7 + ID_MIN) {
      return (first & 0x30) == 0 ? INITIAL : LONG;
    }
    return OTHER;
  }

  /** The first eight bytes of the destination id, by which the port finds the connection; 0 if there are fewer. */
  static long key(ByteBuf packet, int kind) {
    int at = packet.readerIndex();
    if (kind == SHORT) {
      return packet.getLong(at + 1);
    }
    return packet.getUnsignedByte(at + 5) < ID_MIN ? 0 : packet.getLong(at + 6);
  }

  static long key(byte[] id) {
    long key = 0;
    for (int i = 0; i < ID_MIN; i++) {
      key = key << 8 | id[i] & 0xff;
    }
    return key;
  }

  /**
   * Finds the token of an INITIAL that may start a connection.
   *
   * @return offset from the reader index in the upper half and length in the lower, or -1 if this is no such packet
   */
  static long token(ByteBuf packet) {
    int start = packet.readerIndex();
    int size = packet.readableBytes();
    if (size < INITIAL_SIZE_MIN || packet.getInt(start + 1) != VERSION_1) {
      return -1;
    }
    int at = 5;
    int destination = packet.getUnsignedByte(start + at);
    at += 1 + destination;
    if (destination < ID_MIN || destination > ID_MAX) {
      return -1;
    }
    int source = packet.getUnsignedByte(start + at);
    at += 1 + source;
    if (source > ID_MAX) {
      return -1;
    }
    int lengthBytes = 1 << (packet.getUnsignedByte(start + at) >> 6);
    long length = packet.getUnsignedByte(start + at) & 0x3f;
    for (int i = 1; i < lengthBytes; i++) {
      length = length << 8 | packet.getUnsignedByte(start + at + i);
    }
    at += lengthBytes;
    return length > size - at ? -1 : (long) at << 32 | length;
  }
}
