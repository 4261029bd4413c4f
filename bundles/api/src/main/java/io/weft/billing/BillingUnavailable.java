package io.weft.billing;

/** The books cannot be read or written now; the message says why. Ask again: what has a reference is done once however often asked. */
public final class BillingUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public BillingUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public BillingUnavailable(String message) {
    super(message);
  }
}
