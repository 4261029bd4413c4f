package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.weft.channel.ChannelKind;
import io.weft.node.Names;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What every stream starts with.
 *
 * @param kind null for the control stream, which has channel 0 and empty names
 * @param channel an unsigned 32-bit number
 */
public record StreamHeader(@Nullable ChannelKind kind, long channel, String service, String origin) {

  public static final int ORIGIN_MAX = 64;
  public static final long CHANNEL_MAX = 0xffff_ffffL;

  private static final int VERSION = 1;
  private static final int SERVICE_MAX = 63;
  private static final int FIXED = 7;

  public static final StreamHeader CONTROL = new StreamHeader(null, 0, "", "");

  public StreamHeader {
    if (kind == null ? channel != 0 || !service.isEmpty() || !origin.isEmpty() : channel == 0 || !Names.isValid(service)) {
      throw new ProtocolError("channel and names do not fit the kind of stream");
    }
    if (channel < 0 || channel > CHANNEL_MAX) {
      throw new ProtocolError("a channel id has 32 bits");
    }
    checkOrigin(origin);
  }

  /** @throws ProtocolError unless it is at most 64 printable ASCII characters */
  public static void checkOrigin(String origin) {
    if (origin.length() > ORIGIN_MAX || !origin.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new ProtocolError("an origin is at most " + ORIGIN_MAX + " printable ASCII characters");
    }
  }

  public ByteBuf encode(ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(FIXED + 1 + service.length() + origin.length());
    out.writeByte(VERSION).writeByte(kind == null ? 0 : kind.ordinal() + 1).writeInt((int) channel);
    out.writeByte(service.length()).writeCharSequence(service, StandardCharsets.US_ASCII);
    out.writeByte(origin.length()).writeCharSequence(origin, StandardCharsets.US_ASCII);
    return out;
  }

  /** Reads a header, or returns null and reads nothing if it is not all there yet. */
  public static @Nullable StreamHeader decode(ByteBuf in) {
    int start = in.readerIndex();
    int there = in.readableBytes();
    check(there < 1 || in.getUnsignedByte(start) == VERSION, "this version of stream header is not known");
    check(there < 2 || in.getUnsignedByte(start + 1) <= ChannelKind.values().length, "this kind of stream is not known");
    if (there < FIXED) {
      return null;
    }
    int service = in.getUnsignedByte(start + FIXED - 1);
    check(service <= SERVICE_MAX, "a service name is longer than " + SERVICE_MAX);
    if (there < FIXED + service + 1) {
      return null;
    }
    int origin = in.getUnsignedByte(start + FIXED + service);
    check(origin <= ORIGIN_MAX, "an origin is longer than " + ORIGIN_MAX);
    if (there < FIXED + service + 1 + origin) {
      return null;
    }
    int kind = in.getUnsignedByte(start + 1);
    StreamHeader header = new StreamHeader(
        kind == 0 ? null : ChannelKind.values()[kind - 1],
        in.getUnsignedInt(start + 2),
        in.toString(start + FIXED, service, StandardCharsets.US_ASCII),
        in.toString(start + FIXED + service + 1, origin, StandardCharsets.US_ASCII));
    in.skipBytes(FIXED + service + 1 + origin);
    return header;
  }

  private static void check(boolean good, String otherwise) {
    if (!good) {
      throw new ProtocolError(otherwise);
    }
  }
}
