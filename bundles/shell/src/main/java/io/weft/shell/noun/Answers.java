package io.weft.shell.noun;

import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.WriteResult;
import io.weft.node.CommandFailure;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for what takes a while, in commands. */
final class Answers {

  private static final long WAIT_SECONDS = 20;

  private Answers() {}

  /** @throws CommandFailure with one line if there is no answer */
  static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get(WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "no answer after " + WAIT_SECONDS
          + " s; what became of it is not known");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof DcsUnavailable) {
        throw new CommandFailure(CommandFailure.PRECONDITION, String.valueOf(cause.getMessage()));
      }
      if (cause instanceof IllegalArgumentException || cause instanceof UnsupportedOperationException) {
        throw new CommandFailure(CommandFailure.USAGE, String.valueOf(cause.getMessage()));
      }
      throw new IllegalStateException(cause);
    }
  }

  /**
   * The revision of a write that happened.
   *
   * @throws CommandFailure with one line that says what happened instead; an unknown outcome is said to be unknown
   */
  static long done(WriteResult result) {
    if (result instanceof WriteResult.Done done) {
      return done.revision();
    }
    if (result instanceof WriteResult.Conflict conflict) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "not done: " + conflict.current()
          .map(e -> "it is at revision " + e.revision() + " now").orElse("it is not there"));
    }
    if (result instanceof WriteResult.Refused refused) {
      throw new CommandFailure(CommandFailure.PRECONDITION, "not done: " + refused.reason());
    }
    if (result instanceof WriteResult.Indeterminate unknown) {
      throw new CommandFailure(CommandFailure.CHECK, "not known whether it was done: " + unknown.reason()
          + "; look before you try again");
    }
    throw new CommandFailure(CommandFailure.PRECONDITION, "not done: the session has ended");
  }
}
