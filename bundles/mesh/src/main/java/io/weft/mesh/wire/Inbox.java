package io.weft.mesh.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what arrives on a stream into things that have a length of their own. Copies nothing but the ends that a thing
 * shares with the next buffer, and never holds more than one unfinished thing.
 */
public final class Inbox {

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf rest;

  public Inbox(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Adds what arrived; takes over the buffer. Then ask {@link #next} until it has no more, and call {@link #pause}. */
  public void add(ByteBuf arrived) {
    if (rest == null) {
      rest = arrived;
      return;
    }
    rest.writeBytes(arrived);
    arrived.release();
  }

  /** The next thing, or null if it is not all there. */
  public <T> @Nullable T next(Function<ByteBuf, @Nullable T> decoder) {
    return rest == null ? null : decoder.apply(rest);
  }

  /** Keeps what is left for the next {@link #add}, in a buffer of its own. */
  public void pause() {
    if (rest == null) {
      return;
    }
    ByteBuf left = rest.isReadable() ? allocator.buffer(Math.max(64, rest.readableBytes())).writeBytes(rest) : null;
    rest.release();
    rest = left;
  }

  /** What is left, if anything; it is the caller's now. */
  public @Nullable ByteBuf take() {
    ByteBuf left = rest;
    rest = null;
    if (left != null && !left.isReadable()) {
      left.release();
      return null;
    }
    return left;
  }

  /** Bytes that wait. */
  public int size() {
    return rest == null ? 0 : rest.readableBytes();
  }

  public void release() {
    if (rest != null) {
      rest.release();
      rest = null;
    }
  }
}
