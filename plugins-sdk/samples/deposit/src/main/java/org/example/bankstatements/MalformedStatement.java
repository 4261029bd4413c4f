package org.example.bankstatements;

/** A statement that is not understood; the message says what is wrong, without saying who paid. */
final class MalformedStatement extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  MalformedStatement(String what) {
    super(what);
  }

  MalformedStatement(String what, Throwable cause) {
    super(what, cause);
  }
}
