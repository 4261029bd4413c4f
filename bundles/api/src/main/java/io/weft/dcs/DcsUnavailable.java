package io.weft.dcs;

/** The store gave no answer, or cannot give one now. Nothing was changed by what failed with this; trying again is safe. */
public final class DcsUnavailable extends Exception {

  private static final long serialVersionUID = 1L;

  /** @param message one line: which store, what is wrong */
  public DcsUnavailable(String message) {
    super(message);
  }

  public DcsUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
