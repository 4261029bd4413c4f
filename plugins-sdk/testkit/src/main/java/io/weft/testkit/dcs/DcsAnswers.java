package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.ReadMode;
import io.weft.testkit.Await;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Waiting for what a store answers, in tests. */
public final class DcsAnswers {

  private static final Duration SOON = Duration.ofSeconds(60);

  private DcsAnswers() {}

  public static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** Returns when a read is answered. */
  public static void awaitServed(Dcs dcs) {
    Await.until(dcs.backend() + " to serve", SOON, () -> {
      try {
        done(read(dcs));
        return true;
      } catch (ExecutionException e) {
        return false;
      }
    });
  }

  /** The one line that a read fails with, which must not have {@code secret} in it. */
  public static String failure(Dcs dcs, String secret) throws Exception {
    try {
      done(read(dcs));
      throw new AssertionError("nothing was wrong");
    } catch (ExecutionException e) {
      assertThat(e.getCause()).isInstanceOf(DcsUnavailable.class);
      assertThat(e.getCause().getMessage()).doesNotContain(secret, "\n", "Exception").hasSizeLessThan(300);
      return e.getCause().getMessage();
    }
  }

  private static CompletionStage<?> read(Dcs dcs) {
    return dcs.get("nothing", dcs.capabilities().linearizableReads() ? ReadMode.LINEARIZABLE : ReadMode.STALE);
  }
}
