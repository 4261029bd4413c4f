package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;

/** Counts 64 bytes there and back. */
final class BenchTrips {

  private static final int SIZE = 64;
  final CompletableFuture<long[]> result = new CompletableFuture<>();
  private final long[] nanos;
  private int trip;
  private int missing;
  private long start;

  BenchTrips(int count) {
    nanos = new long[count];
  }

  ByteBuf next() {
    missing = SIZE;
    start = System.nanoTime();
    return ChannelBench.SOURCE.slice(0, SIZE);
  }

  /** Returns whether it is time for the next. */
  boolean came(ByteBuf bytes) {
    missing -= bytes.readableBytes();
    bytes.release();
    if (missing > 0) {
      return false;
    }
    nanos[trip++] = System.nanoTime() - start;
    if (isDone()) {
      result.complete(nanos);
    }
    return !isDone();
  }

  boolean isDone() {
    return trip == nanos.length;
  }
}
