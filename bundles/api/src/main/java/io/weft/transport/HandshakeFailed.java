package io.weft.transport;

import io.weft.node.Reason;

/**
 * No link came up. Trying again is safe. Codes that every transport uses where they apply: {@code unreachable} (nothing came
 * back in time), {@code wrong_key}, {@code wrong_name}, {@code wrong_fabric}, {@code wrong_alpn}, {@code certificate_expired},
 * {@code certificate_invalid} (not self-signed by its own key, or not parseable), {@code no_certificate}, {@code unknown_peer},
 * {@code refused} (by the peer, which knows why), {@code overloaded}, {@code cancelled}.
 */
public final class HandshakeFailed extends Exception {

  private static final long serialVersionUID = 1L;
  private final transient Reason reason;

  public HandshakeFailed(Reason reason) {
    super(reason.toString());
    this.reason = reason;
  }

  public HandshakeFailed(Reason reason, Throwable cause) {
    super(reason.toString(), cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
