package io.weft.discovery.basic;

import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells all observers of a source what it sees of its one peer. The lock is held while they are told, so that nothing is told after a
 * registration was closed; observers return at once and take no lock of ours.
 */
final class Broadcast {

  private final Runnable arrived;
  private final Runnable left;
  private final Map<Object, Observer> observers = new LinkedHashMap<>();
  private @Nullable Observation current;

  /**
   * @param arrived run when somebody begins to listen, under the lock of the broadcast; must return at once
   * @param left run likewise when nobody listens any more
   */
  Broadcast(@Nullable Observation first, Runnable arrived, Runnable left) {
    this.current = first;
    this.arrived = arrived;
    this.left = left;
  }

  synchronized Registration watch(Observer observer) {
    Object key = new Object();
    observers.put(key, observer);
    if (current != null) {
      observer.found(current);
    }
    if (observers.size() == 1) {
      arrived.run();
    }
    return () -> leave(key);
  }

  /** Repeats nothing that was said already. */
  synchronized void tell(Observation observation) {
    if (!observation.equals(current)) {
      current = observation;
      observers.values().forEach(o -> o.found(observation));
    }
  }

  private synchronized void leave(Object key) {
    if (observers.remove(key) != null && observers.isEmpty()) {
      left.run();
    }
  }
}
