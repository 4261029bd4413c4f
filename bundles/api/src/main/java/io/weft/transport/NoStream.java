package io.weft.transport;

import io.weft.node.Reason;

/** A link could not open another stream: {@code limit} (the peer allows no more now; a retry helps later) or {@code closed}. */
public final class NoStream extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient Reason reason;

  public NoStream(Reason reason) {
    super(reason.toString());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
