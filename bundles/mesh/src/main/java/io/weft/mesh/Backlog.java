package io.weft.mesh;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Bytes of a channel that wait, in order. Bounded by whoever adds. On the link's loop only. */
final class Backlog {

  private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>(0);

  /** Takes over the buffer. */
  void add(ByteBuf buffer) {
    buffers.add(buffer);
  }

  boolean isEmpty() {
    return buffers.isEmpty();
  }

  /** The oldest bytes, at most {@code most} of them and from one buffer; the caller's to release. Null if there are none. */
  @Nullable ByteBuf take(long most) {
    ByteBuf head = buffers.peek();
    if (head == null || most <= 0) {
      return null;
    }
    int count = (int) Math.min(head.readableBytes(), most);
    return count == head.readableBytes() ? buffers.poll() : head.readRetainedSlice(count);
  }

  /** Frees everything. */
  void drop() {
    buffers.forEach(ByteBuf::release);
    buffers.clear();
  }
}
