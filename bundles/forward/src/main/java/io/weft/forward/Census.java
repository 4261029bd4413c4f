package io.weft.forward;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** How many TCP connections there are, over all forwards and exposed services, and the door that closes when the node leaves. Any thread. */
final class Census {

  private final AtomicInteger inside = new AtomicInteger();
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private volatile boolean leaving;

  /** Counts one more, unless the door is closed or that would be more than {@code max}. */
  boolean enter(int max) {
    if (inside.incrementAndGet() > max || leaving) {
      leave();
      return false;
    }
    return true;
  }

  /** Counts one more that is inside already, however many there are. */
  void admit() {
    inside.incrementAndGet();
  }

  void leave() {
    if (inside.decrementAndGet() == 0 && leaving) {
      empty.complete(null);
    }
  }

  boolean isLeaving() {
    return leaving;
  }

  /** Lets nobody in any more; completes when the last one is out. */
  CompletionStage<Void> close() {
    leaving = true;
    if (inside.get() == 0) {
      empty.complete(null);
    }
    return empty;
  }
}
