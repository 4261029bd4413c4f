package io.weft.node.core;

import io.weft.node.Leaving;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way out: asks everyone to leave, phase after phase, and waits for nobody longer than the bound. */
final class Departure {

  /**
   * Share of the bound that the phases after the first get, so that links can still say goodbye when streams took all their time.
   */
  private static final double LATER_SHARE = 0.2;

  private static final Duration LATER_MOST = Duration.ofSeconds(2);
  private static final Logger log = LoggerFactory.getLogger(Departure.class);

  private final Timers timers;
  private final Executor executor;
  private final Iterator<List<Leaving>> phases;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Duration first;
  private final Duration later;

  Departure(List<Leaving> leaving, Duration bound, Timers timers, Executor executor) {
    this.timers = timers;
    this.executor = executor;
    TreeMap<Integer, List<Leaving>> byPhase = new TreeMap<>();
    for (Leaving one : leaving) {
      byPhase.merge(one.phase(), List.of(one), Departure::joined);
    }
    this.phases = byPhase.values().iterator();
    int laterPhases = Math.max(0, byPhase.size() - 1);
    Duration share = Duration.ofNanos((long) (bound.toNanos() * LATER_SHARE / Math.max(1, laterPhases)));
    this.later = share.compareTo(LATER_MOST) > 0 ? LATER_MOST : share;
    this.first = bound.minus(later.multipliedBy(laterPhases));
  }

  /** Completes, never exceptionally, when all phases are over. */
  CompletableFuture<Void> start() {
    executor.execute(() -> next(first));
    return done;
  }

  private void next(Duration bound) {
    if (!phases.hasNext()) {
      done.complete(null);
      return;
    }
    List<Leaving> phase = phases.next();
    CompletableFuture<?>[] all = phase.stream().map(one -> ask(one, bound)).toArray(CompletableFuture[]::new);
    CompletableFuture<Void> over = CompletableFuture.allOf(all);
    Registration cut = timers.after(bound, executor, () -> over.complete(null));
    over.whenCompleteAsync((nothing, failure) -> {
      cut.close();
      long late = java.util.Arrays.stream(all).filter(f -> !f.isDone()).count();
      if (late > 0) {
        log.info("leaving cut phase={} unfinished={} bound_ms={}", phase.get(0).phase(), late, bound.toMillis());
      }
      next(later);
    }, executor);
  }

  private static CompletableFuture<Void> ask(Leaving one, Duration bound) {
    try {
      return one.leave(bound).handle((nothing, failure) -> {
        if (failure != null) {
          log.warn("leaving failed class={}", one.getClass().getName(), failure);
        }
        return (Void) null;
      }).toCompletableFuture();
    } catch (RuntimeException e) {
      log.warn("leaving failed class={}", one.getClass().getName(), e);
      return CompletableFuture.completedFuture(null);
    }
  }

  private static List<Leaving> joined(List<Leaving> a, List<Leaving> b) {
    return java.util.stream.Stream.concat(a.stream(), b.stream()).toList();
  }
}
