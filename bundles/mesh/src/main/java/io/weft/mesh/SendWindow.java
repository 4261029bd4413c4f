package io.weft.mesh;

/** How much may still be sent on one channel before the receiver grants more. On the link's loop only. */
final class SendWindow {

  private long limit = ReceiveWindow.INITIAL;
  private long sent;
  private long told;

  /** Bytes that may be sent now. */
  long room() {
    return limit - sent;
  }

  void send(int bytes) {
    sent += bytes;
  }

  /** The receiver said so. A limit never shrinks; a smaller one is of no use and does no harm. */
  void raise(long to) {
    limit = Math.max(limit, to);
  }

  /** There is more to send. Returns whether the receiver must be told that {@link #limit} is in the way; once per limit. */
  boolean mustTell() {
    boolean news = room() == 0 && told < limit;
    told = news ? limit : told;
    return news;
  }

  long limit() {
    return limit;
  }
}
