package io.weft.path.ice.turn;

import io.weft.node.Reason;

/** A relay lent nothing. Trying again later is safe. */
public final class TurnFailed extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient Reason reason;

  public TurnFailed(Reason reason) {
    super(reason.toString());
    this.reason = reason;
  }

  /**
   * {@code turn_refused} with the number of the error, {@code unauthorized}, {@code clock_skew}, {@code unreachable} or
   * {@code closed}.
   */
  public Reason reason() {
    return reason;
  }
}
