package io.weft.shell.store;

import io.weft.dcs.Change;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Watches a store for a while, to see whether anybody uses it. */
final class Look implements Watcher, AutoCloseable {

  private final Store store;
  private final Contents before;
  private final Map<String, Long> revisions = new HashMap<>();
  private final AtomicReference<String> changed = new AtomicReference<>();
  private final Registration watch;

  Look(Store store) throws DcsUnavailable, InterruptedException {
    this.store = store;
    this.before = store.read();
    before.lasting().values().forEach(e -> revisions.put(e.key(), e.revision()));
    before.held().forEach(e -> revisions.put(e.key(), e.revision()));
    this.watch = store.dcs().watch("", before.revision(), this);
  }

  /** What there was in the beginning. */
  Contents before() {
    return before;
  }

  /** What shows that the store is in use; one line. */
  Optional<String> use() {
    if (!before.held().isEmpty()) {
      return Optional.of(store.backend() + " is in use: " + before.held().size() + " of its keys go with sessions, such as "
          + before.held().get(0).key());
    }
    return Optional.ofNullable(changed.get()).map(key -> store.backend() + " is in use: " + key + " changed while it was looked at");
  }

  @Override
  public void reset(Snapshot snapshot) {
    Map<String, Long> gone = new HashMap<>(revisions);
    for (Entry entry : snapshot.entries()) {
      Long known = gone.remove(entry.key());
      if (known == null || known != entry.revision()) {
        note(entry.key());
      }
    }
    gone.keySet().forEach(this::note);
  }

  @Override
  public void changed(List<Change> changes) {
    for (Change change : changes) {
      Long known = revisions.get(change.key());
      boolean told = known != null && change instanceof Change.Put && known >= change.revision();
      if (!told && change.revision() > before.revision()) {
        note(change.key());
      }
    }
  }

  private void note(String key) {
    if (!key.startsWith(Contents.MOVING)) {
      changed.compareAndSet(null, key);
    }
  }

  @Override
  public void close() {
    watch.close();
  }
}
