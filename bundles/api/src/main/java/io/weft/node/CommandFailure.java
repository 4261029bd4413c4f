package io.weft.node;

/** A command ended without doing what was asked. The message is one line for people; no stack trace is shown. */
public final class CommandFailure extends RuntimeException {

  /** A check failed. */
  public static final int CHECK = 1;

  /** The command was not understood. */
  public static final int USAGE = 2;

  /** Something that must be so first is not, or no quorum. */
  public static final int PRECONDITION = 3;

  /** Not allowed. */
  public static final int DENIED = 4;

  private static final long serialVersionUID = 1L;
  private final int exitCode;

  public CommandFailure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The exit code of the process that ran the command. */
  public int exitCode() {
    return exitCode;
  }
}
