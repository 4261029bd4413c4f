package io.weft.secret;

/** A secret could not be had now. Trying again later is safe and may succeed. */
public final class SecretUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  public SecretUnavailable(String message) {
    super(message);
  }

  public SecretUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
