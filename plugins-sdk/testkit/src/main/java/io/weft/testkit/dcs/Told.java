package io.weft.testkit.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A watcher that believes what it is told, and checks that it is told in order. Thread-safe. */
public final class Told implements Watcher {

  private final Map<String, String> state = new TreeMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private int resets;
  private int interruptions;

  @Override
  public synchronized void reset(Snapshot snapshot) {
    resets++;
    state.clear();
    newest.clear();
    for (Entry entry : snapshot.entries()) {
      state.put(entry.key(), entry.text());
      newest.put(entry.key(), entry.revision());
    }
  }

  @Override
  public synchronized void changed(List<Change> batch) {
    if (batch.isEmpty()) {
      wrong.add("an empty batch");
    }
    for (Change change : batch) {
      changes.add(change);
      if (change.revision() < newest.getOrDefault(change.key(), 0L)) {
        wrong.add(change + " came after revision " + newest.get(change.key()));
      }
      newest.put(change.key(), change.revision());
      if (change instanceof Change.Put put) {
        state.put(change.key(), put.entry().text());
      } else {
        state.remove(change.key());
      }
    }
  }

  @Override
  public synchronized void interrupted(String reason) {
    interruptions++;
  }

  /** What there is by all that was told. */
  public synchronized Map<String, String> state() {
    assertThat(wrong).as("what was told out of order").isEmpty();
    return new TreeMap<>(state);
  }

  public synchronized List<Change> changes() {
    return List.copyOf(changes);
  }

  public synchronized int resets() {
    return resets;
  }

  public synchronized int interruptions() {
    return interruptions;
  }
}
