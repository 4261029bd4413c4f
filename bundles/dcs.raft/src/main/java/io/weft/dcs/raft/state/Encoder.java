package io.weft.dcs.raft.state;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes numbers, texts and bytes, big-endian, one after another. What {@link Decoder} reads. */
public final class Encoder {

  private byte[] bytes = new byte[64];
  private int size;

  public Encoder u8(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  public Encoder u32(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  public Encoder u64(long value) {
    return u32((int) (value >>> 32)).u32((int) value);
  }

  public Encoder text(String value) {
    return bytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** The length, and the bytes. */
  public Encoder bytes(byte[] value) {
    u32(value.length);
    room(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  public byte[] done() {
    return Arrays.copyOf(bytes, size);
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
