package io.weft.itests.net;

import java.nio.ByteBuffer;

/** Bytes that anybody can compute from their place, and that no lost, doubled or swapped piece leaves unnoticed. */
public final class Pattern {

  /** Length of a block; blocks are computed one by one. */
  public static final int BLOCK = 65_536;

  private Pattern() {}

  /** Fills {@code block} with block number {@code number}. */
  public static void fill(byte[] block, long number) {
    ByteBuffer out = ByteBuffer.wrap(block);
    long x = number * 0x9E3779B97F4A7C15L + 1;
    while (out.remaining() >= 8) {
      x ^= x << 13;
      x ^= x >>> 7;
      x ^= x << 17;
      out.putLong(x);
    }
  }
}
