package io.weft.dcs.raft.state;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads what {@link Encoder} wrote. Whatever else it is given is an {@link IllegalArgumentException} with one clear line. */
public final class Decoder {

  private final ByteBuffer buffer;

  public Decoder(byte[] bytes) {
    this.buffer = ByteBuffer.wrap(bytes);
  }

  public int u8() {
    return need(1).get() & 0xff;
  }

  public int u32() {
    return need(4).getInt();
  }

  public long u64() {
    return need(8).getLong();
  }

  public String text(int most) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(most))).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("a text is not UTF-8", e);
    }
  }

  /** @param most a longer one is refused before anything is copied */
  public byte[] bytes(int most) {
    int length = u32();
    if (length < 0 || length > most) {
      throw new IllegalArgumentException("a length is " + Integer.toUnsignedString(length) + ", the most is " + most);
    }
    need(length);
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  /** How many of something follow, each of at least one byte. */
  public int count(int most) {
    int count = u32();
    if (count < 0 || count > most || count > buffer.remaining()) {
      throw new IllegalArgumentException("a count is " + Integer.toUnsignedString(count) + ", which does not fit");
    }
    return count;
  }

  /** Nothing may follow. */
  public void end() {
    if (buffer.hasRemaining()) {
      throw new IllegalArgumentException(buffer.remaining() + " bytes too many");
    }
  }

  private ByteBuffer need(int bytes) {
    if (buffer.remaining() < bytes) {
      throw new IllegalArgumentException("the end comes " + (bytes - buffer.remaining()) + " bytes too early");
    }
    return buffer;
  }
}
