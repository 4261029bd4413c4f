package io.weft.forward;

import io.weft.node.Reason;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The connections or flows of one forward or exposed service. Bounded by who adds. Any thread. */
final class Traffic {

  private final Set<Cuttable> active = ConcurrentHashMap.newKeySet();
  private final LongAdder total = new LongAdder();
  private final CompletableFuture<Void> empty = new CompletableFuture<>();
  private final CompletableFuture<Void> moved = new CompletableFuture<>();
  private volatile boolean closed;
  private volatile @Nullable Consumer<Map<String, Object>> heir;

  /** Whether it was added; not after {@link #close}. */
  boolean add(Cuttable one) {
    active.add(one);
    if (closed) {
      remove(one);
      return false;
    }
    total.increment();
    Consumer<Map<String, Object>> next = heir;
    if (next != null) {
      one.bequeath(next);
    }
    return true;
  }

  /** Whether it was there: true once per connection. */
  boolean remove(Cuttable one) {
    boolean removed = active.remove(one);
    if (closed && active.isEmpty()) {
      empty.complete(null);
    }
    if (heir != null && active.isEmpty()) {
      moved.complete(null);
    }
    return removed;
  }

  int active() {
    return active.size();
  }

  long total() {
    return total.sum();
  }

  /** The next version takes all, those that come later too. */
  void bequeath(Consumer<Map<String, Object>> next) {
    heir = next;
    active.forEach(one -> one.bequeath(next));
    if (active.isEmpty()) {
      moved.complete(null);
    }
  }

  /** Completes when the next version has all. */
  CompletableFuture<Void> moved() {
    return moved;
  }

  void cut(Reason reason) {
    active.forEach(one -> one.cut(reason));
  }

  /** Cuts all and lets nothing in any more; completes when the last one is gone. */
  CompletionStage<Void> close(Reason reason) {
    closed = true;
    cut(reason);
    if (active.isEmpty()) {
      empty.complete(null);
    }
    return empty;
  }
}
