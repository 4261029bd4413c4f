package io.weft.mesh;

import io.weft.node.Clock;

/**
 * How much one channel may have waiting here. The sender may send up to {@link #limit} in all; that moves on as the reader
 * takes bytes out, by half windows so that one small frame serves for many bytes. On the link's loop only.
 *
 * <p>The window doubles when the sender says that it was stopped by it while the reader keeps up: then the window, and not
 * the reader, is what holds the bytes up. That needs no measure of the round trip, and a reader that stalls cannot make it
 * grow. It also doubles when half of it is read in no time, so that a bulk transfer need not be stopped first.
 */
final class ReceiveWindow {

  /** What both sides assume without a word. */
  static final int INITIAL = 256 * 1024;

  private static final long NO_TIME_NANOS = 10_000_000;

  private final GrowthBudget budget;
  private final long most;
  private final Clock clock;
  private long size = INITIAL;
  private long limit = INITIAL;
  private long received;
  private long consumed;
  private long grantedAt;

  /** @param most the size to which it may grow */
  ReceiveWindow(GrowthBudget budget, long most, Clock clock) {
    this.budget = budget;
    this.most = most;
    this.clock = clock;
    this.grantedAt = clock.nanos();
  }

  /** Bytes came. Returns whether the sender was allowed to send them. */
  boolean receive(int bytes) {
    received += bytes;
    return received <= limit;
  }

  /**
   * The reader is done with bytes that came.
   *
   * @return whether the sender must be told the new {@link #limit}
   */
  boolean consume(int bytes) {
    if (bytes < 0 || consumed + bytes > received) {
      throw new IllegalArgumentException(bytes + " bytes consumed, " + (received - consumed) + " were there");
    }
    consumed += bytes;
    if (limit - consumed > size / 2) {
      return false;
    }
    long now = clock.nanos();
    if (now - grantedAt < NO_TIME_NANOS) {
      grow();
    }
    grantedAt = now;
    limit = consumed + size;
    return true;
  }

  /**
   * The sender was stopped.
   *
   * @return whether the sender must be told the new {@link #limit}
   */
  boolean stopped() {
    if (waiting() > size / 4 || !grow()) {
      return false;
    }
    limit = consumed + size;
    return true;
  }

  private boolean grow() {
    long more = budget.take(size - INITIAL, Math.min(size, most - size));
    size += more;
    return more > 0;
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
