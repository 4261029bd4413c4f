package io.weft.support.command;

import io.weft.node.CommandFailure;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What a command threw, for its caller.
 *
 * @param line one line without control characters
 * @param expected whether the command meant it, so that the log need not have it
 */
public record Failure(int exitCode, String line, boolean expected) {

  private static final int LINE_MAX = 500;
  private static final int CAUSES_MAX = 16;

  public static Failure of(String command, Throwable thrown) {
    Throwable cause = thrown;
    for (int i = 0; cause != null && i < CAUSES_MAX; i++) {
      if (cause instanceof CommandFailure failure) {
        return new Failure(failure.exitCode(), oneLine(String.valueOf(failure.getMessage())), true);
      }
      cause = cause.getCause();
    }
    Throwable inner = unwrap(thrown);
    String message = String.valueOf(inner.getMessage());
    if (inner instanceof IllegalArgumentException && message.startsWith("Cannot coerce ")) {
      // Gogo's words for a plain command that has no method for these arguments.
      int takes = message.indexOf(" to any of ");
      return new Failure(CommandFailure.USAGE,
          oneLine(command + " does not take these arguments"
              + (takes < 0 ? "" : "; it takes " + message.substring(takes + 11))), true);
    }
    String name = inner.getClass().getSimpleName();
    return new Failure(CommandFailure.CHECK,
        oneLine(command + " failed: " + name + (inner.getMessage() == null ? "" : ": " + message)), false);
  }

  private static Throwable unwrap(Throwable thrown) {
    Throwable inner = thrown;
    while (inner.getCause() != null && isWrapper(inner)) {
      inner = inner.getCause();
    }
    return inner;
  }

  private static boolean isWrapper(Throwable e) {
    return e instanceof InvocationTargetException || e instanceof ExecutionException || e instanceof CompletionException;
  }

  /** The text with control and formatting characters replaced, cut to a length. */
  public static String oneLine(String text) {
    StringBuilder out = new StringBuilder();
    text.strip().codePoints().limit(LINE_MAX).forEach(c -> {
      int type = Character.getType(c);
      boolean plain = type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE
          && type != Character.LINE_SEPARATOR && type != Character.PARAGRAPH_SEPARATOR;
      out.appendCodePoint(plain ? c : ' ');
    });
    return out.toString();
  }
}
