package io.weft.testkit.dcs;

import io.weft.dcs.Change;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A store in the memory of a test: what the clients {@link MemoryDcs} talk to. Keeps nothing, replicates nothing; never part of a
 * product.
 */
public final class MemoryStore {

  private static final int HISTORY_MAX = 1_000;

  private record Lifetime(Duration ttl, Registration expiry) {}

  private final TreeMap<String, Entry> entries = new TreeMap<>(DcsKeys.ORDER);
  private final Map<String, Lifetime> sessions = new HashMap<>();
  private final ArrayDeque<Change> history = new ArrayDeque<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Clock clock;
  private final Timers timers;
  private long revision;
  private long forgottenUpTo;
  private long sessionCount;

  public MemoryStore(Clock clock, Timers timers) {
    this.clock = clock;
    this.timers = timers;
  }

  /** Forgets how it came to be as it is; watches that missed something must be reset. */
  public synchronized void compact() {
    history.clear();
    forgottenUpTo = revision;
  }

  /** Ids of sessions that are not over. */
  public synchronized List<String> sessions() {
    return List.copyOf(sessions.keySet());
  }

  Clock clock() {
    return clock;
  }

  Timers timers() {
    return timers;
  }

  synchronized Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  synchronized Snapshot list(String prefix) {
    return new Snapshot(entries.values().stream().filter(e -> e.key().startsWith(prefix)).toList(), revision);
  }

  /** Changes after a revision, or empty if that is too long ago. */
  synchronized Optional<List<Change>> since(long after, String prefix) {
    if (after < forgottenUpTo || after > revision) {
      return Optional.empty();
    }
    return Optional.of(history.stream().filter(c -> c.revision() > after && c.key().startsWith(prefix)).toList());
  }

  synchronized long revision() {
    return revision;
  }

  WriteResult write(List<Write> writes) {
    WriteResult result = tryWrite(writes);
    if (result.isDone()) {
      tell();
    }
    return result;
  }

  private synchronized WriteResult tryWrite(List<Write> writes) {
    for (Write write : writes) {
      Entry current = entries.get(write.key());
      boolean gone = current == null;
      boolean met = write.expect() instanceof Expect.Any
          || write.expect() instanceof Expect.Absent && gone
          || write.expect() instanceof Expect.Revision r && !gone && r.revision() == current.revision();
      if (write instanceof Write.Put put && put.session().filter(s -> !sessions.containsKey(s.id())).isPresent()) {
        return new WriteResult.SessionLost();
      }
      if (!met) {
        return new WriteResult.Conflict(Optional.ofNullable(current));
      }
    }
    revision++;
    for (Write write : writes) {
      if (write instanceof Write.Put put) {
        Entry entry = new Entry(put.key(), put.value(), revision, put.session().map(s -> s.id()));
        entries.put(put.key(), entry);
        remember(new Change.Put(entry));
      } else if (write instanceof Write.Delete && entries.remove(write.key()) != null) {
        remember(new Change.Deleted(write.key(), revision));
      }
    }
    return new WriteResult.Done(revision);
  }

  synchronized String open(Duration ttl) {
    String id = "s" + ++sessionCount;
    sessions.put(id, new Lifetime(ttl, expire(id, ttl)));
    return id;
  }

  synchronized boolean renew(String id) {
    Lifetime lifetime = sessions.get(id);
    if (lifetime == null) {
      return false;
    }
    lifetime.expiry.close();
    sessions.put(id, new Lifetime(lifetime.ttl, expire(id, lifetime.ttl)));
    return true;
  }

  void end(String id) {
    synchronized (this) {
      Lifetime lifetime = sessions.remove(id);
      if (lifetime == null) {
        return;
      }
      lifetime.expiry.close();
      List<String> keys =
          entries.values().stream().filter(e -> e.session().filter(id::equals).isPresent()).map(Entry::key).toList();
      for (String key : keys) {
        revision++;
        entries.remove(key);
        remember(new Change.Deleted(key, revision));
      }
    }
    tell();
  }

  Registration listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private Registration expire(String id, Duration ttl) {
    return timers.after(ttl, Runnable::run, () -> end(id));
  }

  private void remember(Change change) {
    history.add(change);
    if (history.size() > HISTORY_MAX) {
      forgottenUpTo = history.remove().revision();
    }
  }

  /** Without the lock. */
  private void tell() {
    new ArrayList<>(listeners).forEach(Runnable::run);
  }
}
