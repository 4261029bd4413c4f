package io.weft.coordination.engine;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.ReadMode;
import io.weft.node.Registration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The DCS that is used, of those that are there. Any thread. */
final class CurrentDcs {

  /** Names no DCS, so that nothing is held while one is moved to another. */
  private static final String NONE = "none";

  private final Map<String, Dcs> there = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile String wanted;

  /** @param wanted the configured one; empty for the only one */
  CurrentDcs(String wanted) {
    this.wanted = wanted;
  }

  void wanted(String backend) {
    wanted = backend;
    tell();
  }

  void add(Dcs dcs) {
    there.put(dcs.backend(), dcs);
    tell();
  }

  void remove(Dcs dcs) {
    if (there.remove(dcs.backend(), dcs)) {
      tell();
    }
  }

  /** Null if the configured one is not there; or if none is named, and none or several are there. */
  @Nullable Dcs get() {
    String name = wanted;
    if (!name.isEmpty()) {
      return there.get(name);
    }
    List<Dcs> all = List.copyOf(there.values());
    return all.size() == 1 ? all.get(0) : null;
  }

  /** Why there is none; for people. */
  String missing() {
    if (wanted.equals(NONE)) {
      return "coordination is off (coordination.backend: none)";
    }
    if (!wanted.isEmpty()) {
      return "the DCS '" + wanted + "' is configured (coordination.backend) and not there";
    }
    return there.isEmpty() ? "no DCS is configured; see section dcs.* of weft.yaml"
        : "several DCS are there (" + String.join(", ", there.keySet()) + "); choose with coordination.backend";
  }

  /** Called whenever {@link #get} may have changed. */
  Registration onChange(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Asks the DCS, if there is one. */
  <T> CompletionStage<T> ask(Function<Dcs, CompletionStage<T>> question) {
    Dcs dcs = get();
    return dcs == null ? CompletableFuture.failedStage(new DcsUnavailable(missing())) : question.apply(dcs);
  }

  /** The freshest that it serves. */
  static ReadMode freshest(Dcs dcs) {
    return dcs.capabilities().linearizableReads() ? ReadMode.LINEARIZABLE : ReadMode.STALE;
  }

  private void tell() {
    listeners.forEach(Runnable::run);
  }
}
