package org.example.tlslinks;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.weft.node.Reason;
import java.nio.charset.StandardCharsets;

/**
 * What runs inside TLS: frames {@code u8 type, u64 stream, u16 length, payload}, big-endian. Streams of the one that dialled have even numbers,
 * those of the other odd ones; each number is used once.
 */
final class Frames {

  /** First on the connection, both ways: {@code u32} streams that the peer may have open. */
  static final int READY = 1;
  static final int DATA = 2;
  static final int FINISH = 3;
  /** {@code u32 code}. */
  static final int RESET = 4;
  /** The one that did not open the stream is through with it: it counts no longer. */
  static final int RETIRED = 5;
  static final int DATAGRAM = 6;
  /** {@code u8 n, n bytes code, detail}; last on the connection. */
  static final int CLOSE = 7;
  /** From here on types that are not known are skipped; below they are an error. */
  static final int OPTIONAL = 128;

  /** That of a TLS record, so that nothing waits for a rest. */
  static final int PAYLOAD_MAX = 16_384;

  private static final int LENGTH_AT = 9;
  private static final int HEADER = 11;

  private Frames() {}

  static LengthFieldBasedFrameDecoder decoder() {
    return new LengthFieldBasedFrameDecoder(HEADER + PAYLOAD_MAX, LENGTH_AT, 2);
  }

  static ByteBuf header(ByteBufAllocator allocator, int type, long stream, int length) {
    return allocator.buffer(HEADER).writeByte(type).writeLong(stream).writeShort(length);
  }

  static ByteBuf number(ByteBufAllocator allocator, int type, long stream, int number) {
    return allocator.buffer(HEADER + 4).writeByte(type).writeLong(stream).writeShort(4).writeInt(number);
  }

  static ByteBuf close(ByteBufAllocator allocator, Reason reason) {
    byte[] code = reason.code().getBytes(StandardCharsets.UTF_8);
    byte[] detail = reason.detail().getBytes(StandardCharsets.UTF_8);
    return header(allocator, CLOSE, 0, 1 + code.length + detail.length).writeByte(code.length).writeBytes(code).writeBytes(detail);
  }

  /** The payload of a {@link #CLOSE}, after its header. */
  static Reason reason(ByteBuf payload) throws MalformedFrame {
    int code = payload.readableBytes() > 0 ? payload.readUnsignedByte() : 0;
    if (payload.readableBytes() < code) {
      throw new MalformedFrame("a close without its code");
    }
    try {
      String text = payload.readCharSequence(code, StandardCharsets.US_ASCII).toString();
      return Reason.of(text, payload.toString(StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?"));
    } catch (IllegalArgumentException e) {
      throw new MalformedFrame("a close whose code is none");
    }
  }

  static int number(ByteBuf payload) throws MalformedFrame {
    if (payload.readableBytes() != 4) {
      throw new MalformedFrame("a number that is none");
    }
    int number = payload.readInt();
    if (number < 0) {
      throw new MalformedFrame("a number above 2^31-1");
    }
    return number;
  }

  /** The peer does not speak this; the message says how, for the log. */
  static final class MalformedFrame extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedFrame(String how) {
      super(how, null, false, false);
    }
  }
}
