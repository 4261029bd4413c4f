package io.weft.mesh;

/**
 * How much one channel may have waiting here. The sender may send up to {@link #limit} in all; that moves on as the reader takes bytes out,
 * by half windows so that one small frame serves for many bytes. On the link's loop only.
 *
 * <p>The window doubles when half of it was read sooner than the peer could have heard of the last grant: then the window, and not the
 * reader, is what holds the sender up. A reader that stalls cannot make it grow.
 */
final class ReceiveWindow {

  /** What both sides assume without a word. */
  static final int INITIAL = 256 * 1024;

  /** Round trips shorter than this say more about the scheduler than about the path. */
  private static final long FLOOR_NANOS = 10_000_000;

  private final GrowthBudget budget;
  private final long most;
  private long size = INITIAL;
  private long limit = INITIAL;
  private long received;
  private long consumed;
  private long grantedAt;

  /** @param most the size to which it may grow */
  ReceiveWindow(GrowthBudget budget, long most, long now) {
    this.budget = budget;
    this.most = most;
    this.grantedAt = now;
  }

  /** Bytes came. Returns whether the sender was allowed to send them. */
  boolean receive(int bytes) {
    received += bytes;
    return received <= limit;
  }

  /**
   * The reader is done with bytes that came.
   *
   * @return whether the sender must be told the new {@link #limit}, with {@link #grant}
   */
  boolean consume(int bytes) {
    if (bytes < 0 || consumed + bytes > received) {
      throw new IllegalArgumentException(bytes + " bytes consumed, " + (received - consumed) + " were there");
    }
    consumed += bytes;
    return limit - consumed <= size / 2;
  }

  /** Moves the limit on, and perhaps further than before. */
  long grant(long now, long rttNanos) {
    if (now - grantedAt < Math.max(2 * rttNanos, FLOOR_NANOS) && size < most) {
      size += budget.take(Math.min(size, most - size));
    }
    grantedAt = now;
    limit = consumed + size;
    return limit;
  }

  /** Gives back what it grew by. */
  void close() {
    budget.giveBack(size - INITIAL);
    size = INITIAL;
  }

  long limit() {
    return limit;
  }

  long size() {
    return size;
  }

  long waiting() {
    return received - consumed;
  }
}
