package io.weft.dcs.raft.state;

import io.weft.dcs.Change;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Keys and sessions. The same commands at the same revisions make the same state on every member: nothing here looks at a clock,
 * at a setting or at chance. Revisions are given by whoever applies commands, each larger than the last; an empty store has 1.
 */
public final class KeyValues {

  /** Room that a key takes besides its bytes. */
  private static final int OVERHEAD = 128;

  /**
   * A session that is not over.
   *
   * @param renewedAt revision of the command that opened or last renewed it
   */
  public record Lifetime(String id, String name, long ttlMillis, long renewedAt) {}

  /** All of it at one moment. */
  public record Image(long revision, List<Entry> entries, List<Lifetime> sessions) {}

  // All of this is guarded by the object itself; nothing foreign is called with it.
  private final TreeMap<String, Entry> entries = new TreeMap<>(DcsKeys.ORDER);
  private final Map<String, Lifetime> sessions = new HashMap<>();
  private final Map<String, TreeSet<String>> keysOfSessions = new HashMap<>();
  private final History history = new History();
  private long revision = 1;
  private long bytes;

  public synchronized Outcome apply(long next, Command command) {
    revision = next;
    if (command instanceof Command.Put put) {
      return put(next, put.ops());
    } else if (command instanceof Command.Open open) {
      String id = "s" + Long.toHexString(next);
      sessions.put(id, new Lifetime(id, open.name(), open.ttlMillis(), next));
      return new Outcome.Opened(id);
    } else if (command instanceof Command.Renew renew) {
      Lifetime renewed = sessions.computeIfPresent(
          renew.session(), (id, old) -> new Lifetime(id, old.name(), old.ttlMillis(), next));
      return renewed == null ? new Outcome.NoSession() : new Outcome.Done(next);
    } else if (command instanceof Command.End end) {
      return end(next, end.session());
    } else if (command instanceof Command.Expire expire) {
      Lifetime there = sessions.get(expire.session());
      return there == null || there.renewedAt() != expire.renewedAt() ? new Outcome.NoSession() : end(next, expire.session());
    }
    return new Outcome.Malformed("unknown command");
  }

  private Outcome put(long next, List<Op> ops) {
    for (Op op : ops) {
      Entry current = entries.get(op.key());
      if (!op.session().isEmpty() && !sessions.containsKey(op.session())) {
        return new Outcome.NoSession();
      }
      if (!isMet(op.expect(), current)) {
        return new Outcome.Conflict(Optional.ofNullable(current));
      }
    }
    for (Op op : ops) {
      if (op.kind() == Op.Kind.PUT) {
        Optional<String> session = op.session().isEmpty() ? Optional.empty() : Optional.of(op.session());
        Entry entry = new Entry(op.key(), op.value(), next, session);
        forget(op.key());
        entries.put(op.key(), entry);
        bytes += weight(entry);
        session.ifPresent(id -> keysOfSessions.computeIfAbsent(id, i -> new TreeSet<>(DcsKeys.ORDER)).add(op.key()));
        history.add(new Change.Put(entry));
      } else if (op.kind() == Op.Kind.DELETE && forget(op.key())) {
        history.add(new Change.Deleted(op.key(), next));
      }
    }
    return new Outcome.Done(next);
  }

  private static boolean isMet(Expect expect, @Nullable Entry current) {
    return expect instanceof Expect.Any
        || expect instanceof Expect.Absent && current == null
        || expect instanceof Expect.Revision r && current != null && current.revision() == r.revision();
  }

  private Outcome end(long next, String session) {
    if (sessions.remove(session) == null) {
      return new Outcome.NoSession();
    }
    TreeSet<String> keys = keysOfSessions.remove(session);
    if (keys != null) {
      for (String key : keys) {
        forget(key);
        history.add(new Change.Deleted(key, next));
      }
    }
    return new Outcome.Done(next);
  }

  /** Takes the key out of everything but the history. */
  private boolean forget(String key) {
    Entry old = entries.remove(key);
    if (old == null) {
      return false;
    }
    bytes -= weight(old);
    old.session().map(keysOfSessions::get).ifPresent(keys -> keys.remove(key));
    return true;
  }

  public synchronized Optional<Entry> get(String key) {
    return Optional.ofNullable(entries.get(key));
  }

  public synchronized Snapshot list(String prefix) {
    List<Entry> below = new ArrayList<>();
    for (Entry entry : entries.tailMap(prefix, true).values()) {
      if (!entry.key().startsWith(prefix)) {
        break; // keys with a common beginning stand together
      }
      below.add(entry);
    }
    return new Snapshot(below, revision);
  }

  /** An answer in bytes. */
  public byte[] answer(Query query) {
    if (query instanceof Query.Get get) {
      return Codec.encode(get(get.key()));
    } else if (query instanceof Query.Everything all) {
      return Codec.encode(list(all.prefix()));
    }
    Query.Since since = (Query.Since) query;
    return Codec.encode(since(since.prefix(), since.after()));
  }

  public synchronized News since(String prefix, long after) {
    return history.since(prefix, after, revision);
  }

  /** Of the latest command. */
  public synchronized long revision() {
    return revision;
  }

  /** Room that the keys take. */
  public synchronized long bytes() {
    return bytes;
  }

  public synchronized List<Lifetime> sessions() {
    return List.copyOf(sessions.values());
  }

  public synchronized Optional<Lifetime> session(String id) {
    return Optional.ofNullable(sessions.get(id));
  }

  /** Forgets how it came to be as it is; watches that missed something are told everything. */
  public synchronized void forgetHistory() {
    history.clear(revision);
  }

  public synchronized Image image() {
    return new Image(revision, List.copyOf(entries.values()), sessions());
  }

  /** Becomes that. */
  public synchronized void become(Image image) {
    entries.clear();
    sessions.clear();
    keysOfSessions.clear();
    bytes = 0;
    for (Lifetime lifetime : image.sessions()) {
      sessions.put(lifetime.id(), lifetime);
    }
    for (Entry entry : image.entries()) {
      entries.put(entry.key(), entry);
      bytes += weight(entry);
      entry.session().ifPresent(id -> keysOfSessions.computeIfAbsent(id, i -> new TreeSet<>(DcsKeys.ORDER)).add(entry.key()));
    }
    revision = image.revision();
    history.clear(revision);
  }

  private static long weight(Entry entry) {
    return OVERHEAD + entry.key().length() + entry.size();
  }
}
