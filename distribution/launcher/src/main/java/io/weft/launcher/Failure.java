package io.weft.launcher;

/** Something that ends the command: one line for people and the exit code that goes with it. */
public final class Failure extends Exception {

  /** A check failed, or something did not work. */
  public static final int CHECK = 1;

  /** The command was not understood. */
  public static final int USAGE = 2;

  /** Something that must be so first is not. */
  public static final int PRECONDITION = 3;

  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  public Failure(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public static Failure usage(String message) {
    return new Failure(USAGE, message);
  }

  public int exitCode() {
    return exitCode;
  }
}
