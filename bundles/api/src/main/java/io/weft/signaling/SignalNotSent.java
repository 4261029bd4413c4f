package io.weft.signaling;

import io.weft.node.Reason;

/**
 * No way took the signal. Codes: {@code no_broker} (none is configured and there is no link), {@code unreachable}, {@code refused} (by the
 * broker, which does not know us, or over a limit), {@code clock_skew} (the broker's clock and ours differ too much), {@code cancelled}.
 */
public final class SignalNotSent extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient Reason reason;

  public SignalNotSent(Reason reason) {
    super(reason.toString());
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
