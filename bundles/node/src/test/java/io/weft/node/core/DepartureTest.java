package io.weft.node.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.Leaving;
import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class DepartureTest {

  private final ManualTime time = new ManualTime();
  private final List<String> story = new ArrayList<>();

  @Test
  void phasesGoInOrderEachAfterTheLast() {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    CompletableFuture<Void> left =
        leave(at(Leaving.CLOSE, "close", CompletableFuture.completedFuture(null)), at(Leaving.DRAIN, "drain", drained));
    assertThat(story).containsExactly("drain 8000");
    assertThat(left).isNotDone();

    drained.complete(null);

    assertThat(story).containsExactly("drain 8000", "close 2000");
    assertThat(left).isCompleted();
    assertThat(time.pending()).isZero();
  }

  @Test
  void whoTakesTooLongIsNotWaitedFor() {
    CompletableFuture<Void> left =
        leave(at(Leaving.DRAIN, "drain", new CompletableFuture<>()), at(Leaving.CLOSE, "close", new CompletableFuture<>()));

    time.advance(Duration.ofMillis(7999));
    assertThat(story).containsExactly("drain 8000");
    time.advance(Duration.ofMillis(1));
    assertThat(story).containsExactly("drain 8000", "close 2000");
    time.advance(Duration.ofSeconds(2));

    assertThat(left).isCompleted();
  }

  @Test
  void whoFailsDoesNotKeepTheOthers() {
    CompletableFuture<Void> left =
        leave(
            at(Leaving.DRAIN, "fails", CompletableFuture.failedFuture(new IllegalStateException("oops"))),
            at(Leaving.DRAIN, "throws", null),
            at(Leaving.CLOSE, "close", CompletableFuture.completedFuture(null)));

    assertThat(story).containsExactly("fails 8000", "throws 8000", "close 2000");
    assertThat(left).isCompleted();
  }

  @Test
  void nobodyToAskIsOverAtOnce() {
    assertThat(leave()).isCompleted();
  }

  private CompletableFuture<Void> leave(Leaving... leaving) {
    return new Departure(List.of(leaving), Duration.ofSeconds(10), time, Runnable::run).start();
  }

  private Leaving at(int phase, String name, CompletableFuture<Void> result) {
    return new Leaving() {
      @Override
      public int phase() {
        return phase;
      }

      @Override
      public CompletionStage<Void> leave(Duration bound) {
        story.add(name + " " + bound.toMillis());
        if (result == null) {
          throw new IllegalStateException("oops");
        }
        return result;
      }
    };
  }
}
