package io.weft.mesh;

import io.weft.channel.AccessDecision;
import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.mesh.wire.Frame;
import io.weft.node.Registration;
import io.weft.transport.RawChannels;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What this node serves and to whom. Any thread; readers see an immutable snapshot and never wait. */
final class ServiceTable {

  /** A service with who takes its channels. */
  record Served(ExposedService service, RawChannels.Acceptor acceptor) {}

  private record Key(String name, ChannelKind kind) {}

  private static final Comparator<Key> ORDER = Comparator.comparing(Key::name).thenComparing(Key::kind);

  private final Runnable changed;
  private volatile Map<Key, Served> served = Map.of();

  /** @param changed called after each change, on the thread that made it */
  ServiceTable(Runnable changed) {
    this.changed = changed;
  }

  /** @param inPlaceOf what this gave earlier for the same name and kind, or null */
  Registration add(ExposedService service, RawChannels.Acceptor acceptor, @Nullable Registration inPlaceOf) {
    Key key = new Key(service.name(), service.kind());
    Served added = new Served(service, acceptor);
    boolean silent;
    synchronized (this) {
      Served before = served.get(key);
      boolean replaces = before != null && inPlaceOf instanceof Entry entry && entry.served == before;
      silent = replaces && before.service.allow().equals(service.allow());
      if (before != null && !replaces) {
        throw new IllegalStateException("service " + key.name + " (" + key.kind + ") is served already");
      }
      if (before == null && served.size() >= Frame.Services.MAX) {
        throw new IllegalStateException("a node serves at most " + Frame.Services.MAX + " services");
      }
      Map<Key, Served> next = new TreeMap<>(ORDER);
      next.putAll(served);
      next.put(key, added);
      served = next;
    }
    if (!silent) {
      changed.run();
    }
    return new Entry(key, added);
  }

  /** Takes out what it put in. */
  private final class Entry implements Registration {

    private final Key key;
    private final Served served;

    Entry(Key key, Served served) {
      this.key = key;
      this.served = served;
    }

    @Override
    public void close() {
      remove(key, served);
    }
  }

  private void remove(Key key, Served added) {
    synchronized (this) {
      if (served.get(key) != added) {
        return;
      }
      Map<Key, Served> next = new TreeMap<>(ORDER);
      next.putAll(served);
      next.remove(key);
      served = next;
    }
    changed.run();
  }

  @Nullable Served find(String name, ChannelKind kind) {
    Map<Key, Served> now = served;
    return now.isEmpty() ? null : now.get(new Key(name, kind));
  }

  List<ExposedService> services() {
    return served.values().stream().map(Served::service).toList();
  }

  /** What a peer may know of. */
  Frame.Services visibleTo(String peer) {
    return new Frame.Services(services().stream()
        .filter(service -> service.allows(peer))
        .map(service -> new Frame.Service(service.kind(), service.name()))
        .toList());
  }

  AccessDecision decide(String peer, String name, ChannelKind kind) {
    Served found = find(name, kind);
    if (found == null) {
      return new AccessDecision(peer, name, kind, false, "no service of that name and kind is exposed");
    }
    boolean allowed = found.service.allows(peer);
    String who = found.service.allow().contains(peer) ? peer : "*";
    return new AccessDecision(peer, name, kind, allowed, allowed ? "allow " + who + " (expose " + name + ")" : "default deny");
  }
}
