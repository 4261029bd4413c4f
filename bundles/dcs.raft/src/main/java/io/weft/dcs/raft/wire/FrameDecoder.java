package io.weft.dcs.raft.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Cuts a stream into frames. Takes room for what has arrived, never for what a length promises. One thread at a time. */
final class FrameDecoder {

  private static final int FIRST_ROOM = 256;

  private final int frameMax;
  private byte[] bytes = new byte[FIRST_ROOM];
  private int size;

  FrameDecoder(int frameMax) {
    this.frameMax = frameMax;
  }

  /**
   * Takes all of {@code arrived}.
   *
   * @throws IllegalArgumentException with one clear line if it cannot be a frame; then the stream is of no use any more
   */
  void feed(ByteBuffer arrived, Consumer<Frame> frames) {
    while (arrived.hasRemaining()) {
      take(arrived, 4);
      if (size < 4) {
        return;
      }
      int length = ByteBuffer.wrap(bytes).getInt();
      if (length < Frame.HEAD || length > frameMax) {
        throw new IllegalArgumentException("a frame of " + Integer.toUnsignedString(length) + " bytes; the most is " + frameMax);
      }
      take(arrived, 4 + length);
      if (size < 4 + length) {
        return;
      }
      Frame frame = decode(length);
      size = 0;
      if (bytes.length > 1 << 20) {
        bytes = new byte[FIRST_ROOM];
      }
      frames.accept(frame);
    }
  }

  /** Moves what is missing up to {@code wanted} bytes, as far as it is there. */
  private void take(ByteBuffer arrived, int wanted) {
    int count = Math.min(arrived.remaining(), wanted - size);
    if (count > 0) {
      if (bytes.length < size + count) {
        bytes = Arrays.copyOf(bytes, Math.min(Math.max(bytes.length * 2, size + count), frameMax + 4));
      }
      arrived.get(bytes, size, count);
      size += count;
    }
  }

  private Frame decode(int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 4, length);
    int kind = in.get() & 0xff;
    if (kind >= Frame.Kind.values().length) {
      throw new IllegalArgumentException("no kind of frame has the number " + kind);
    }
    long call = in.getLong();
    int type = in.get() & 0xff;
    byte[] payload = new byte[in.remaining()];
    in.get(payload);
    return new Frame(Frame.Kind.values()[kind], call, type, payload);
  }
}
