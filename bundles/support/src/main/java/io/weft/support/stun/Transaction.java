package io.weft.support.stun;

import java.util.random.RandomGenerator;

/** What ties a response to its request: 96 bits, drawn so that nobody can guess them. */
public record Transaction(int high, long low) {

  public static final int LENGTH = 12;

  /** @param random one that cannot be predicted */
  public static Transaction draw(RandomGenerator random) {
    return new Transaction(random.nextInt(), random.nextLong());
  }

  static Transaction read(byte[] bytes, int at) {
    long low = 0;
    for (int i = 4; i < LENGTH; i++) {
      low = low << 8 | bytes[at + i] & 0xff;
    }
    return new Transaction(Bytes.int32(bytes, at), low);
  }

  void write(byte[] bytes, int at) {
    Bytes.int32(bytes, at, high);
    Bytes.int32(bytes, at + 4, (int) (low >>> 32));
    Bytes.int32(bytes, at + 8, (int) low);
  }
}
