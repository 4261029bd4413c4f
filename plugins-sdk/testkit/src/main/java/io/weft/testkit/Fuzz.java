package io.weft.testkit;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Throws generated inputs at a decoder: random bytes and mutations of good samples (bits flipped, cut, doubled, lengths blown up,
 * spliced). The same seed gives the same inputs.
 */
public final class Fuzz {

  private static final long SLOW_NANOS = 50_000_000;

  private final long seed;
  private final List<byte[]> samples;
  private final int maxLength;

  /**
   * @param samples well-formed inputs; at least one
   * @param maxLength of generated inputs
   */
  public Fuzz(long seed, List<byte[]> samples, int maxLength) {
    this.seed = seed;
    this.samples = List.copyOf(samples);
    this.maxLength = maxLength;
  }

  /**
   * Feeds {@code count} inputs. The decoder may throw {@code expected}, or a subclass; anything else, or the third time over 50 ms of work for one
   * input, fails with the input in hex.
   */
  public void run(int count, Class<? extends Exception> expected, Consumer<byte[]> decoder) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      byte[] input = next(random);
      long took = feed(input, expected, decoder);
      for (int again = 0; took > SLOW_NANOS && again < 2; again++) {
        took = feed(input, expected, decoder); // a pause of the collector is not the decoder's fault; the same input twice more is
      }
      if (took > SLOW_NANOS) {
        throw new AssertionError("input " + i + " took " + took / 1_000_000 + " ms: " + hex(input));
      }
    }
  }

  private static long feed(byte[] input, Class<? extends Exception> expected, Consumer<byte[]> decoder) {
    long start = cpuNanos();
    try {
      decoder.accept(input.clone());
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      if (!expected.isInstance(e)) {
        throw new AssertionError("the decoder threw " + e + " for " + hex(input), e);
      }
    }
    return cpuNanos() - start;
  }

  /** What this thread worked. The clock would also count what a busy machine kept from it. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private byte[] next(SplittableRandom random) {
    if (random.nextInt(8) == 0) {
      byte[] bytes = new byte[random.nextInt(maxLength + 1)];
      random.nextBytes(bytes);
      return bytes;
    }
    byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
    int rounds = 1 + random.nextInt(4);
    for (int i = 0; i < rounds; i++) {
      bytes = mutate(bytes, random);
    }
    return bytes.length <= maxLength ? bytes : java.util.Arrays.copyOf(bytes, maxLength);
  }

  private byte[] mutate(byte[] bytes, SplittableRandom random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(6)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt();
      case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0);
      case 3 -> {
        return java.util.Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        byte[] other = samples.get(random.nextInt(samples.size()));
        int from = random.nextInt(other.length + 1);
        byte[] spliced = java.util.Arrays.copyOf(bytes, at + other.length - from);
        System.arraycopy(other, from, spliced, at, other.length - from);
        return spliced;
      }
      default -> {
        int n = Math.min(bytes.length - at, 1 + random.nextInt(16));
        byte[] doubled = new byte[bytes.length + n];
        System.arraycopy(bytes, 0, doubled, 0, at + n);
        System.arraycopy(bytes, at, doubled, at + n, bytes.length - at);
        return doubled;
      }
    }
    return bytes;
  }

  private static String hex(byte[] input) {
    return java.util.HexFormat.of().formatHex(input, 0, Math.min(input.length, 256)) + (input.length > 256 ? "... (" + input.length + ")" : "");
  }
}
