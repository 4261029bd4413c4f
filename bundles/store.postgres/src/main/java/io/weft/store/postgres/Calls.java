package io.weft.store.postgres;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.store.Bounds;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The calls that go on, each looked at several times a second. No timer runs while there is none. */
final class Calls {

  private static final Duration EVERY = Duration.ofMillis(100);

  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Set<Call> open = ConcurrentHashMap.newKeySet();
  // Guards timer and closed.
  private final Object lock = new Object();
  private Registration timer = () -> {};
  private boolean ticking;
  private boolean closed;

  Calls(Clock clock, Timers timers, Executor executor) {
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  Call begin(Bounds bounds) {
    Call call = new Call(clock, bounds);
    open.add(call);
    synchronized (lock) {
      if (!ticking && !closed) {
        ticking = true;
        timer = timers.after(EVERY, executor, this::tick);
      }
    }
    return call;
  }

  void end(Call call) {
    open.remove(call);
  }

  private void tick() {
    open.forEach(Call::look);
    synchronized (lock) {
      ticking = !open.isEmpty() && !closed;
      if (ticking) {
        timer = timers.after(EVERY, executor, this::tick);
      }
    }
  }

  void close() {
    synchronized (lock) {
      closed = true;
      timer.close();
    }
  }
}
