package io.weft.store;

/** A migration was not done. The message is one line for people; trying again after it was dealt with is safe. */
public final class MigrationRefused extends Exception {

  private static final long serialVersionUID = 1L;

  public MigrationRefused(String message) {
    super(message);
  }

  public MigrationRefused(String message, Throwable cause) {
    super(message, cause);
  }
}
