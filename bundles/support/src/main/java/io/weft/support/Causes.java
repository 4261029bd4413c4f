package io.weft.support;

import java.util.concurrent.CompletionException;

/** What a stage failed with. */
public final class Causes {

  private Causes() {}

  /** Without the wrapper that stages put around it, which is there or not depending on how far down the chain one asks. */
  public static Throwable of(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
  }

  /** Its message; where there is none, its kind. */
  public static String text(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
