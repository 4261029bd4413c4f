package io.weft.support.http;

import java.io.IOException;

/** A request got no answer. */
public final class HttpFailure extends IOException {

  private static final long serialVersionUID = 1L;
  private final boolean sent;

  HttpFailure(boolean sent, String message, Throwable cause) {
    super(message, cause);
    this.sent = sent;
  }

  /** Whether it may have reached a server; if not, it had no effect. */
  public boolean maybeSent() {
    return sent;
  }
}
