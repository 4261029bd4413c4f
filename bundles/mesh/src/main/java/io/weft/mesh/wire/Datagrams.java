package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/** The two forms of a datagram: on its own with the channel's id before it, or on the flow's stream with its length before it. */
public final class Datagrams {

  /** Most bytes of one: what UDP over IPv4 can carry. */
  public static final int MAX = 65_507;

  /** What goes before one that is sent on its own. */
  public static final int HEADER = 4;

  private Datagrams() {}

  /** A datagram for the link; the payload stays the caller's. */
  public static ByteBuf alone(long channel, ByteBuf payload, ByteBufAllocator allocator) {
    int size = payload.readableBytes();
    return allocator.directBuffer(HEADER + size).writeInt((int) channel).writeBytes(payload, payload.readerIndex(), size);
  }

  /**
   * Reads the channel's id of a datagram from the link, so that the payload is left.
   *
   * @return negative if there is none
   */
  public static long channel(ByteBuf datagram) {
    return datagram.readableBytes() < HEADER ? -1 : datagram.readUnsignedInt();
  }

  /** The length that goes before a datagram on a stream. */
  public static ByteBuf length(int length, ByteBufAllocator allocator) {
    return allocator.directBuffer(2).writeShort(length);
  }

  /**
   * Reads one from a stream as a slice that the caller releases, or returns null and reads nothing if it is not all there
   * yet.
   */
  public static @Nullable ByteBuf decode(ByteBuf in) {
    if (in.readableBytes() < 2) {
      return null;
    }
    int length = in.getUnsignedShort(in.readerIndex());
    if (length > MAX) {
      throw new ProtocolError("a datagram has " + length + " bytes, more than " + MAX);
    }
    return in.readableBytes() < 2 + length ? null : in.skipBytes(2).readRetainedSlice(length);
  }
}
