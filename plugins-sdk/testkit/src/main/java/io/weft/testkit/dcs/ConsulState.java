package io.weft.testkit.dcs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What a {@link ConsulDouble} holds. Everything is guarded by its lock, on which blocking queries wait. */
final class ConsulState {

  /** What a listing or a key is, and as of which index. */
  record Listing(List<Map<String, Object>> keys, long index) {}

  /** What a transaction has come to. */
  record Outcome(Map<String, Object> body, @Nullable String error) {}

  private record Key(String value, long index, @Nullable String session) {}

  private record Session(long ttlNanos, long delayMillis, long renewed) {}

  private TreeMap<String, Key> keys = new TreeMap<>();
  private final Map<String, Long> deleted = new HashMap<>();
  private final Map<String, Session> sessions = new HashMap<>();
  private final Map<String, Long> lockedUntil = new HashMap<>();
  private long index = 10;

  /** Waits, at most so long, until something is newer than {@code after}. */
  synchronized Listing list(String key, boolean below, long after, long waitNanos) {
    long end = System.nanoTime() + waitNanos;
    while (true) {
      expire();
      Listing listing = listing(key, below);
      long left = end - System.nanoTime();
      if (after == 0 || listing.index > after || left <= 0) {
        return listing;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, TimeUnit.MILLISECONDS.toNanos(200)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return listing;
      }
    }
  }

  private Listing listing(String name, boolean below) {
    List<Map<String, Object>> found = new ArrayList<>();
    long newest = 1;
    for (Map.Entry<String, Key> e : keys.entrySet()) {
      if (below ? e.getKey().startsWith(name) : e.getKey().equals(name)) {
        found.add(json(e.getKey(), e.getValue()));
        newest = Math.max(newest, e.getValue().index);
      }
    }
    for (Map.Entry<String, Long> e : deleted.entrySet()) {
      if (below ? e.getKey().startsWith(name) : e.getKey().equals(name)) {
        newest = Math.max(newest, e.getValue());
      }
    }
    return new Listing(found, newest);
  }

  private static Map<String, Object> json(String name, Key key) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("LockIndex", key.session == null ? 0 : 1);
    map.put("Key", name);
    map.put("Flags", 0);
    map.put("Value", key.value.isEmpty() ? null : key.value);
    map.put("CreateIndex", key.index);
    map.put("ModifyIndex", key.index);
    if (key.session != null) {
      map.put("Session", key.session);
    }
    return map;
  }

  synchronized Outcome transact(List<?> operations) {
    expire();
    TreeMap<String, Key> after = new TreeMap<>(keys);
    Map<String, Long> gone = new HashMap<>(deleted);
    List<Object> results = new ArrayList<>();
    long at = index + 1;
    for (int i = 0; i < operations.size(); i++) {
      Map<?, ?> kv = (Map<?, ?>) ((Map<?, ?>) operations.get(i)).get("KV");
      String error = apply(kv, at, after, gone, results);
      if (error != null) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("Results", null);
        body.put("Errors", List.of(Map.of("OpIndex", i, "What", error)));
        return new Outcome(body, error);
      }
    }
    keys = after;
    deleted.clear();
    deleted.putAll(gone);
    index = at;
    notifyAll();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("Results", results);
    body.put("Errors", null);
    return new Outcome(body, null);
  }

  private @Nullable String apply(Map<?, ?> kv, long at, TreeMap<String, Key> after, Map<String, Long> gone,
      List<Object> results) {
    String name = (String) kv.get("Key");
    Key there = after.get(name);
    String value = kv.get("Value") instanceof String v ? v : "";
    switch ((String) kv.get("Verb")) {
      case "check-not-exists" -> {
        return there == null ? null : "key \"" + name + "\" exists";
      }
      case "check-index" -> {
        boolean same = there != null && Long.valueOf(there.index).equals(kv.get("Index"));
        return same ? null : "current modify index for key \"" + name + "\" does not match";
      }
      case "delete" -> {
        if (after.remove(name) != null) {
          gone.put(name, at);
        }
        return null;
      }
      case "set" -> after.put(name, new Key(value, at, there == null ? null : there.session));
      case "lock" -> {
        String session = (String) kv.get("Session");
        if (!sessions.containsKey(session)) {
          return "invalid session \"" + session + "\"";
        }
        if (lockedUntil.getOrDefault(name, Long.MIN_VALUE) > System.nanoTime()) {
          return "failed to lock key \"" + name + "\" due to lock delay";
        }
        if (there != null && there.session != null && !there.session.equals(session)) {
          return "failed to lock key \"" + name + "\", lock is already held";
        }
        after.put(name, new Key(value, at, session));
      }
      default -> {
        return "unknown verb";
      }
    }
    results.add(Map.of("KV", Map.of("Key", name, "ModifyIndex", at)));
    return null;
  }

  synchronized String createSession(long seconds, long delayMillis) {
    String id = UUID.randomUUID().toString();
    sessions.put(id, new Session(TimeUnit.SECONDS.toNanos(seconds), delayMillis, System.nanoTime()));
    return id;
  }

  synchronized boolean renew(String id) {
    expire();
    Session session = sessions.get(id);
    if (session == null) {
      return false;
    }
    sessions.put(id, new Session(session.ttlNanos, session.delayMillis, System.nanoTime()));
    return true;
  }

  synchronized void destroy(String id) {
    end(id);
  }

  /** Consul ends a session between one and two TTLs after the last renewal; here after one and a quarter. */
  private void expire() {
    long now = System.nanoTime();
    for (Map.Entry<String, Session> e : Map.copyOf(sessions).entrySet()) {
      if (now - e.getValue().renewed > e.getValue().ttlNanos / 4 * 5) {
        end(e.getKey());
      }
    }
  }

  private void end(String id) {
    Session session = sessions.remove(id);
    if (session == null) {
      return;
    }
    for (Map.Entry<String, Key> e : List.copyOf(keys.entrySet())) {
      if (id.equals(e.getValue().session)) {
        keys.remove(e.getKey());
        index++;
        deleted.put(e.getKey(), index);
        lockedUntil.put(e.getKey(), System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(session.delayMillis));
      }
    }
    notifyAll();
  }
}
