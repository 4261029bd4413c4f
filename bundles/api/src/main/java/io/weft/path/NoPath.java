package io.weft.path;

import io.weft.node.Reason;

/** No candidate led to the peer. Trying again is safe. */
public final class NoPath extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient Reason reason;

  public NoPath(Reason reason) {
    super(reason.toString());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
