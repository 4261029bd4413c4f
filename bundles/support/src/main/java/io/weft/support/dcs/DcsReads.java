package io.weft.support.dcs;

import io.weft.dcs.DcsUnavailable;
import io.weft.support.Causes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What all backends make of reads. */
public final class DcsReads {

  private DcsReads() {}

  /**
   * The read, whose failures are {@link DcsUnavailable}.
   *
   * @param inWords which store, and what is wrong; gets the cause without wrappers
   */
  public static <T> CompletionStage<T> orUnavailable(CompletableFuture<T> read, Function<Throwable, String> inWords) {
    return read.handle((value, failure) -> {
      if (failure != null) {
        Throwable cause = Causes.of(failure);
        throw new CompletionException(new DcsUnavailable(inWords.apply(cause), cause));
      }
      return value;
    }).minimalCompletionStage();
  }
}
