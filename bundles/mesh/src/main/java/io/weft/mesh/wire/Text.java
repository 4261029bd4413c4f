package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Short strings: a length byte and UTF-8. */
final class Text {

  /** Most bytes of one. */
  static final int MAX = 255;

  private Text() {}

  /** Writes as much of it as fits; a character that would be cut goes whole. */
  static void write(ByteBuf out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX);
    while (length < bytes.length && (bytes[length] & 0xc0) == 0x80) {
      length--;
    }
    out.writeByte(length).writeBytes(bytes, 0, length);
  }

  /** Reads one; control characters, which could forge lines of a log, become question marks. */
  static String read(ByteBuf in) {
    if (!in.isReadable() || in.readableBytes() <= in.getUnsignedByte(in.readerIndex())) {
      throw new ProtocolError("a string is cut short");
    }
    String text = in.readCharSequence(in.readUnsignedByte(), StandardCharsets.UTF_8).toString();
    return text.chars().anyMatch(Character::isISOControl) ? text.replaceAll("\\p{Cntrl}", "?") : text;
  }
}
