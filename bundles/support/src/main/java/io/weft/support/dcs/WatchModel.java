package io.weft.support.dcs;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a watcher was told, for backends without history: the difference to a new listing is what to tell it next. One thread at a
 * time.
 */
public final class WatchModel {

  private final Map<String, Long> known = new HashMap<>();

  /** Forgets all, and takes this for what was told. */
  public void reset(Snapshot snapshot) {
    known.clear();
    snapshot.entries().forEach(e -> known.put(e.key(), e.revision()));
  }

  /** What changed since, in the order of revisions; the listing is what was told from now on. */
  public List<Change> difference(Snapshot snapshot) {
    List<Change> changes = new ArrayList<>();
    Set<String> there = new HashSet<>();
    for (Entry entry : snapshot.entries()) {
      there.add(entry.key());
      if (!Long.valueOf(entry.revision()).equals(known.get(entry.key()))) {
        changes.add(new Change.Put(entry));
      }
    }
    for (String key : known.keySet()) {
      if (!there.contains(key)) {
        changes.add(new Change.Deleted(key, snapshot.revision()));
      }
    }
    changes.sort(Comparator.comparingLong(Change::revision));
    reset(snapshot);
    return changes;
  }
}
