package io.weft.path.ice;

import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.NoPath;
import io.weft.path.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Those who asked for a path to one peer, each for a while. On the loop only. */
final class Seekers {

  private static final Duration LIMIT = Duration.ofSeconds(28);
  private static final int MAX = 16;

  private record Seeker(CompletableFuture<Path> result, Registration limit) {}

  private final Core core;
  private final Consumer<String> because;
  private final Runnable left;
  private final List<Seeker> seekers = new ArrayList<>();

  /**
   * @param because hears why somebody got none, as a code
   * @param left runs when one of them has an answer, or wants none any more
   */
  Seekers(Core core, Consumer<String> because, Runnable left) {
    this.core = core;
    this.because = because;
    this.left = left;
  }

  boolean isEmpty() {
    return seekers.isEmpty();
  }

  boolean isFull() {
    return seekers.size() >= MAX;
  }

  void add(CompletableFuture<Path> result) {
    Registration limit = core.timers().after(LIMIT, core.loop(),
        () -> refuse(result, Reason.of("timeout", "no path within " + LIMIT.toSeconds() + " s")));
    Seeker seeker = new Seeker(result, limit);
    seekers.add(seeker);
    result.whenComplete((path, failure) -> core.loop().execute(() -> {
      limit.close();
      seekers.remove(seeker);
      left.run();
    }));
  }

  void refuse(CompletableFuture<Path> result, Reason why) {
    because.accept(why.code());
    result.completeExceptionally(new NoPath(why));
  }

  void refuseAll(Reason why) {
    List.copyOf(seekers).forEach(seeker -> refuse(seeker.result, why));
  }

  void give(CompletableFuture<Path> result, Road road) {
    IcePath path = road.path(core.loop());
    if (!result.complete(path)) {
      path.close();
    }
  }

  void giveAll(Road road) {
    List.copyOf(seekers).forEach(seeker -> give(seeker.result, road));
  }
}
