package io.weft.store.postgres.failover;

/** A step that does not succeed for sure. The message is one line for people. */
final class NotProved extends Exception {

  private static final long serialVersionUID = 1L;

  NotProved(String message) {
    super(message);
  }

  NotProved(String message, Throwable cause) {
    super(message, cause);
  }
}
