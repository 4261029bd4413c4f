package io.weft.node.core.control;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the control socket: {@code u8 type, u32 length, payload}, big-endian. One instance decodes one direction of one
 * connection. Memory follows what arrived, not what a length promises. Not thread-safe.
 */
final class ControlFrames {

  static final int EXEC = 1;
  static final int SHELL = 2;
  static final int STDIN = 3;
  static final int RESIZE = 4;
  static final int INTERRUPT = 5;
  static final int STDOUT = 16;
  static final int STDERR = 17;
  static final int EXIT = 18;

  static final int PAYLOAD_MAX = 1 << 20;
  private static final int HEADER = 5;

  private byte[] buffer = new byte[1024];
  private int start;
  private int end;

  record Frame(int type, byte[] payload) {}

  static byte[] encode(int type, byte[] payload) {
    return encode(type, payload, 0, payload.length);
  }

  static byte[] encode(int type, byte[] payload, int offset, int length) {
    if (length > PAYLOAD_MAX) {
      throw new IllegalArgumentException("a frame has at most " + PAYLOAD_MAX + " bytes, not " + length);
    }
    return ByteBuffer.allocate(HEADER + length).put((byte) type).putInt(length).put(payload, offset, length).array();
  }

  /** Takes all of what arrived. At most one incomplete frame waits, so what stays here is bounded by frame and chunk size. */
  void feed(ByteBuffer bytes) {
    int n = bytes.remaining();
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    if (end + n > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(end + n, buffer.length * 2));
    }
    bytes.get(buffer, end, n);
    end += n;
  }

  /**
   * The next complete frame, or null if more bytes are needed.
   *
   * @throws BadFrame if the length is over the limit
   */
  @Nullable Frame next() {
    if (end - start < HEADER) {
      return null;
    }
    int type = buffer[start] & 0xff;
    int length = ByteBuffer.wrap(buffer, start + 1, 4).getInt();
    if (length < 0 || length > PAYLOAD_MAX) {
      throw new BadFrame("a frame has at most " + PAYLOAD_MAX + " bytes, not " + Integer.toUnsignedString(length));
    }
    if (end - start < HEADER + length) {
      return null;
    }
    byte[] payload = Arrays.copyOfRange(buffer, start + HEADER, start + HEADER + length);
    start += HEADER + length;
    return new Frame(type, payload);
  }
}
