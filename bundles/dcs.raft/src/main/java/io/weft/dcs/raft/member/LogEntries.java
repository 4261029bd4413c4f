package io.weft.dcs.raft.member;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** Entries as Ratis writes them: {@code varint length, bytes, u32 CRC-32C of both}, and zeros after the last. */
final class LogEntries {

  /** Longer than any entry is. */
  static final int LENGTH_MAX = 4 << 20;

  private static final int CHECKSUM = 4;

  private LogEntries() {}

  static boolean startsWith(byte[] bytes, byte[] head) {
    return bytes.length >= head.length && Arrays.equals(bytes, 0, head.length, head, 0, head.length);
  }

  /** Behind the last byte that is not zero. */
  static int endOfContent(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  static boolean hasEntry(byte[] bytes, int at) {
    return at < bytes.length && bytes[at] != 0;
  }

  /** Bytes of the entry at {@code at}; -1 if it is not whole or does not fit its checksum. */
  static int lengthOf(byte[] bytes, int at) {
    long head = varint(bytes, at);
    int headLength = (int) (head >>> 32);
    int length = (int) head;
    if (headLength == 0 || length < 0 || length > LENGTH_MAX || bytes.length - at - headLength - CHECKSUM < length) {
      return -1;
    }
    int end = at + headLength + length;
    return checksum(bytes, at, end - at) == u32(bytes, end) ? headLength + length + CHECKSUM : -1;
  }

  /**
   * Whether what is at {@code at} was never finished: zeros, or the end of the file, stand where its checksum would be, and
   * nothing behind is whole. A whole entry whose length alone was changed is not unfinished.
   */
  static boolean isTorn(byte[] bytes, int at) {
    int end = endOfContent(bytes);
    long head = varint(bytes, at);
    int headLength = (int) (head >>> 32);
    int length = (int) head;
    boolean plausible = headLength > 0 && length >= 0 && length <= LENGTH_MAX;
    if (plausible && end > at + headLength + (long) length) {
      return false; // its checksum was written, and is another
    }
    if (wholeWithAnotherLength(bytes, at, end)) {
      return false;
    }
    for (int i = at + 1; i < end; i++) {
      int found = lengthOf(bytes, i);
      if (found > CHECKSUM + 2) {
        return false; // entries are written in order: this one was finished, so the one before was
      }
    }
    return true;
  }

  private static boolean wholeWithAnotherLength(byte[] bytes, int at, int end) {
    for (int headLength = 1; headLength <= 4; headLength++) {
      int length = end - at - headLength - CHECKSUM;
      if (length < 0) {
        return false;
      }
      byte[] head = varint(length);
      if (head.length == headLength) {
        CRC32C checksum = new CRC32C();
        checksum.update(head);
        checksum.update(bytes, at + headLength, length);
        if ((int) checksum.getValue() == u32(bytes, end - CHECKSUM)) {
          return true;
        }
      }
    }
    return false;
  }

  private static int checksum(byte[] bytes, int at, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, at, length);
    return (int) checksum.getValue();
  }

  private static int u32(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24 | (bytes[at + 1] & 0xff) << 16 | (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff;
  }

  /** Number of bytes in the upper half, value in the lower; 0 if there is none. */
  private static long varint(byte[] bytes, int at) {
    int value = 0;
    for (int i = 0; i < 5 && at + i < bytes.length; i++) {
      value |= (bytes[at + i] & 0x7f) << 7 * i;
      if (bytes[at + i] >= 0) {
        return (i + 1L) << 32 | value & 0xffffffffL;
      }
    }
    return 0;
  }

  private static byte[] varint(int value) {
    byte[] bytes = new byte[5];
    int count = 0;
    int rest = value;
    do {
      bytes[count++] = (byte) (rest > 0x7f ? rest & 0x7f | 0x80 : rest);
      rest >>>= 7;
    } while (rest > 0);
    return Arrays.copyOf(bytes, count);
  }
}
