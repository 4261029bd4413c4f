package io.weft.secret;

import java.util.Arrays;

/** Secret bytes. Close it as soon as it was used: that wipes this copy. Not thread-safe. */
public final class Secret implements AutoCloseable {

  private final byte[] bytes;
  private boolean closed;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes a copy; the caller wipes its own. */
  public static Secret copyOf(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** A copy of the bytes, which the caller wipes. Never log it, never put it into a property. */
  public byte[] copy() {
    if (closed) {
      throw new IllegalStateException("this secret was closed");
    }
    return bytes.clone();
  }

  @Override
  public void close() {
    closed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String toString() {
    return "Secret[" + bytes.length + " bytes]";
  }
}
