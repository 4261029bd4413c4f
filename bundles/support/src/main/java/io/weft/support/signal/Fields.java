package io.weft.support.signal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What is signed: every field with its length in front, so that no two lists of fields give the same bytes. */
final class Fields {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

  Fields text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  Fields number(long value) {
    return bytes(ByteBuffer.allocate(Long.BYTES).putLong(value).array());
  }

  Fields bytes(byte[] value) {
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array());
    out.writeBytes(value);
    return this;
  }

  byte[] done() {
    return out.toByteArray();
  }
}
