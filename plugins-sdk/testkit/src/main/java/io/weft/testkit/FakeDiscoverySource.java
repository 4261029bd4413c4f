package io.weft.testkit;

import io.weft.discovery.DiscoverySource;
import io.weft.discovery.Observation;
import io.weft.discovery.Observer;
import io.weft.node.Registration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Sees the peers that a test says it sees. Any thread. */
public final class FakeDiscoverySource implements DiscoverySource {

  private final String name;
  // Guarded by this, as is telling, so that each observer is told in order.
  private final Map<String, Observation> seen = new LinkedHashMap<>();
  private final List<Observer> observers = new ArrayList<>();

  public FakeDiscoverySource(String name, Observation... seen) {
    this.name = name;
    for (Observation observation : seen) {
      this.seen.put(observation.peer(), observation);
    }
  }

  /** From now on it sees this. */
  public synchronized void find(Observation observation) {
    seen.put(observation.peer(), observation);
    List.copyOf(observers).forEach(observer -> observer.found(observation));
  }

  /** From now on it does not see the peer. */
  public synchronized void lose(String peer) {
    seen.remove(peer);
    List.copyOf(observers).forEach(observer -> observer.lost(peer));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized Registration watch(Observer observer) {
    Observer own = new Observer() { // the same observer may watch twice
      @Override
      public void found(Observation observation) {
        observer.found(observation);
      }

      @Override
      public void lost(String peer) {
        observer.lost(peer);
      }
    };
    observers.add(own);
    seen.values().forEach(own::found);
    return () -> {
      synchronized (this) {
        observers.remove(own);
      }
    };
  }
}
