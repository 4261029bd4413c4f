package org.example.usagefiles;

/** A line that is not understood; the message says which, and what to do. Nothing of the hour counts then. */
final class MalformedUsage extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  MalformedUsage(int line, String what) {
    super("line " + line + ": " + what);
  }
}
