package io.weft.coordination.engine;

import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What operators asked of a job: whether it is paused, and runs out of turn. As the DCS told last. */
final class JobBoard implements AutoCloseable {

  private final String job;
  private final Parts parts;
  private final Runnable changed;
  private final Map<String, Entry> asked = new ConcurrentHashMap<>();
  private Registration changes = () -> {};
  private Registration watch = () -> {};
  private volatile boolean told;
  private boolean closed;

  /** @param changed called when something may be different; returns at once */
  JobBoard(String job, Parts parts, Runnable changed) {
    this.job = job;
    this.parts = parts;
    this.changed = changed;
  }

  synchronized void start() {
    changes = parts.dcs().onChange(this::open);
    open();
  }

  /** Whether the DCS told the state at least once; before, it may be paused. */
  boolean isKnown() {
    return told;
  }

  boolean isPaused() {
    return asked.containsKey(JobKeys.paused(job));
  }

  Optional<Entry> wanted(int shard) {
    return Optional.ofNullable(asked.get(JobKeys.wanted(job, shard)));
  }

  private synchronized void open() {
    watch.close();
    Dcs dcs = parts.dcs().get();
    if (dcs != null && !closed) {
      watch = dcs.watch(JobKeys.prefix(job), 0, new Told());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    changes.close();
    watch.close();
  }

  private boolean isAsked(String key) {
    return key.equals(JobKeys.paused(job)) || key.startsWith(JobKeys.prefix(job) + "wanted/");
  }

  private final class Told implements Watcher {
    @Override
    public void reset(Snapshot snapshot) {
      asked.clear();
      snapshot.entries().stream().filter(e -> isAsked(e.key())).forEach(e -> asked.put(e.key(), e));
      told = true;
      changed.run();
    }

    @Override
    public void changed(List<Change> news) {
      boolean relevant = false;
      for (Change change : news) {
        if (isAsked(change.key())) {
          relevant = true;
          if (change instanceof Change.Put put) {
            asked.put(change.key(), put.entry());
          } else {
            asked.remove(change.key());
          }
        }
      }
      if (relevant) {
        changed.run();
      }
    }
  }
}
