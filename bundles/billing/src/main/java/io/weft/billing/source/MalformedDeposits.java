package io.weft.billing.source;

import java.io.IOException;

/** What a source gave cannot be read. The message says where, and repeats nothing of it: it may be personal. */
public final class MalformedDeposits extends IOException {

  private static final long serialVersionUID = 1L;

  MalformedDeposits(String message) {
    super(message);
  }

  MalformedDeposits(String message, Throwable cause) {
    super(message, cause);
  }
}
