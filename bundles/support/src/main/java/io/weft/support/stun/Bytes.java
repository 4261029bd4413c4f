package io.weft.support.stun;

/** Big-endian numbers in byte arrays. */
final class Bytes {

  private Bytes() {}

  static int int16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  static void int16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> 8);
    bytes[at + 1] = (byte) value;
  }

  static int int32(byte[] bytes, int at) {
    return int16(bytes, at) << 16 | int16(bytes, at + 2);
  }

  static void int32(byte[] bytes, int at, int value) {
    int16(bytes, at, value >> 16);
    int16(bytes, at + 2, value);
  }
}
