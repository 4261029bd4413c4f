package io.weft.mesh;

/** How much may still be sent on one channel before the receiver grants more. On the link's loop only. */
final class SendWindow {

  private long limit = ReceiveWindow.INITIAL;
  private long sent;

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
}
