package org.example.filestore;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys, sessions and the latest changes. Its lock is held while the file is written, so that what others read is in the file; callers
 * must be ready to wait.
 */
final class LocalStore {

  private static final Logger log = LoggerFactory.getLogger(LocalStore.class);
  private static final int HISTORY_MAX = 1_000;
  private static final long BYTES_MAX = 16 * 1024 * 1024;
  private static final int SESSIONS_MAX = 10_000;

  private record Lifetime(Duration ttl, Registration expiry) {}

  private final StoreFile file;
  private final Timers timers;
  private final Executor executor;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  // Guarded by this.
  private final Map<String, Lifetime> sessions = new HashMap<>();
  private final ArrayDeque<Change> history = new ArrayDeque<>();
  private TreeMap<String, Entry> entries;
  private long revision;
  private long forgottenUpTo;

  /** @param executor ends sessions, which writes the file */
  LocalStore(StoreFile file, Timers timers, Executor executor) throws IOException {
    this.file = file;
    this.timers = timers;
    this.executor = executor;
    StoreFile.Content content = file.read();
    this.entries = content.entries();
    this.revision = content.revision() + 1; // the sessions of before are over, and their keys are gone by now
    this.forgottenUpTo = revision;
  }

  synchronized long revision() {
    return revision;
  }

  synchronized Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  synchronized Snapshot list(String prefix) {
    return new Snapshot(entries.values().stream().filter(e -> e.key().startsWith(prefix)).toList(), revision);
  }

  /** Changes after a revision, or empty if that is too long ago. */
  synchronized Optional<List<Change>> since(long after, String prefix) {
    return after < forgottenUpTo || after > revision ? Optional.empty()
        : Optional.of(history.stream().filter(c -> c.revision() > after && c.key().startsWith(prefix)).toList());
  }

  /** Forgets how it came to be as it is; watches that missed something begin anew. */
  synchronized void compact() {
    history.clear();
    forgottenUpTo = revision;
  }

  WriteResult write(List<Write> writes) {
    WriteResult result = tryWrite(writes);
    if (result.isDone()) {
      listeners.forEach(Runnable::run);
    }
    return result;
  }

  private synchronized WriteResult tryWrite(List<Write> writes) {
    for (Write write : writes) {
      if (write instanceof Write.Put put && put.session().map(Session::id).filter(id -> !sessions.containsKey(id)).isPresent()) {
        return new WriteResult.SessionLost();
      }
      Entry current = entries.get(write.key());
      if (!meets(write.expect(), current)) {
        return new WriteResult.Conflict(Optional.ofNullable(current));
      }
    }
    TreeMap<String, Entry> next = new TreeMap<>(entries);
    List<Change> changes = new ArrayList<>();
    for (Write write : writes) {
      if (write instanceof Write.Put put) {
        Entry entry = new Entry(put.key(), put.value(), revision + 1, put.session().map(Session::id));
        next.put(put.key(), entry);
        changes.add(new Change.Put(entry));
      } else if (write instanceof Write.Delete && next.remove(write.key()) != null) {
        changes.add(new Change.Deleted(write.key(), revision + 1));
      }
    }
    if (next.values().stream().mapToLong(e -> e.value().length).sum() > BYTES_MAX) {
      return new WriteResult.Refused("the store is full: its values have more than " + BYTES_MAX + " bytes together");
    }
    try {
      commit(next, changes, revision + 1);
      return new WriteResult.Done(revision);
    } catch (IOException e) {
      log.warn("store not written file={} problem=\"{}\"", file, e.toString());
      return new WriteResult.Refused(file + " cannot be written: " + e.getMessage());
    }
  }

  private static boolean meets(Expect expect, Entry current) {
    return expect instanceof Expect.Any
        || expect instanceof Expect.Absent && current == null
        || expect instanceof Expect.Revision r && current != null && r.revision() == current.revision();
  }

  private void commit(TreeMap<String, Entry> next, Collection<Change> changes, long nextRevision) throws IOException {
    file.write(nextRevision, next.values());
    entries = next;
    revision = nextRevision;
    for (Change change : changes) {
      history.add(change);
      if (history.size() > HISTORY_MAX) {
        forgottenUpTo = history.remove().revision();
      }
    }
  }

  /** Empty if there are too many sessions. */
  synchronized Optional<String> open(Duration ttl) {
    if (sessions.size() == SESSIONS_MAX) {
      return Optional.empty();
    }
    String id = UUID.randomUUID().toString();
    sessions.put(id, new Lifetime(ttl, expire(id, ttl)));
    return Optional.of(id);
  }

  synchronized boolean renew(String id) {
    Lifetime lifetime = sessions.get(id);
    if (lifetime != null) {
      lifetime.expiry.close();
      sessions.put(id, new Lifetime(lifetime.ttl, expire(id, lifetime.ttl)));
    }
    return lifetime != null;
  }

  private Registration expire(String id, Duration ttl) {
    return timers.after(ttl, executor, () -> end(id));
  }

  /** With its keys. If that cannot be written it counts all the same: what goes with a session was never in the file. */
  void end(String id) {
    synchronized (this) {
      Lifetime lifetime = sessions.remove(id);
      if (lifetime == null) {
        return;
      }
      lifetime.expiry.close();
      TreeMap<String, Entry> next = new TreeMap<>(entries);
      List<Change> changes = new ArrayList<>();
      long last = revision;
      for (Entry entry : entries.values()) {
        if (entry.session().filter(id::equals).isPresent()) {
          next.remove(entry.key());
          changes.add(new Change.Deleted(entry.key(), ++last));
        }
      }
      if (changes.isEmpty()) {
        return;
      }
      try {
        commit(next, changes, last);
      } catch (IOException e) {
        log.warn("end of a session not written file={} problem=\"{}\"", file, e.toString());
        entries = next;
        revision = last;
        compact();
      }
    }
    listeners.forEach(Runnable::run);
  }

  /** Calls {@code listener} after each change; it must return at once. */
  Registration listen(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  boolean isSynced() {
    return file.isSynced();
  }

  /** Lets another process have the file. */
  void close() {
    synchronized (this) {
      sessions.values().forEach(s -> s.expiry.close());
      sessions.clear();
    }
    try {
      file.close();
    } catch (IOException e) {
      log.warn("store not closed file={} problem=\"{}\"", file, e.toString());
    }
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
