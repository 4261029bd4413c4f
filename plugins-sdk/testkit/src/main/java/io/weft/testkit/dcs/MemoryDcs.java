package io.weft.testkit.dcs;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsStatus;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Election;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.ReadMode;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.dcs.Write;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.support.SerialLoop;
import io.weft.support.dcs.DcsChecks;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSessions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client of a {@link MemoryStore}, whose line can be cut. For tests; with {@link io.weft.testkit.ManualTime} they need no
 * waiting.
 */
public final class MemoryDcs implements Dcs, AutoCloseable {

  /** What the line does. */
  public enum Line {
    UP,
    /** Nothing gets there. */
    LOSES_REQUESTS,
    /** Requests have their effect, and nobody here hears of it. */
    LOSES_ANSWERS
  }

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final String backend;
  private final MemoryStore store;
  private final SerialLoop loop;
  private final Set<MemoryWatch> watches = ConcurrentHashMap.newKeySet();
  private final RenewedSessions sessions;
  private volatile Line line = Line.UP;
  private volatile boolean closed;

  /** @param executor for everything that this client does by itself; {@code Runnable::run} with manual time */
  public MemoryDcs(MemoryStore store, Executor executor) {
    this("memory", store, executor);
  }

  /** @param backend what it calls itself, where a test has several */
  public MemoryDcs(String backend, MemoryStore store, Executor executor) {
    this.backend = backend;
    this.store = store;
    this.loop = new SerialLoop("memory-dcs", executor, 100_000);
    this.sessions = new RenewedSessions(new Lifeline(), store.clock(), store.timers(), loop);
  }

  /** Changes the line; when it is up again, watches catch up. */
  public void line(Line line) {
    this.line = line;
    watches.forEach(MemoryWatch::lineChanged);
  }

  /** Gone without a word, as after {@code kill -9}: sessions are left to their TTL. */
  public void kill() {
    line(Line.LOSES_REQUESTS);
    close();
  }

  @Override
  public String backend() {
    return backend;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(true, true, true, Duration.ZERO, 64, Duration.ofMillis(100), Duration.ofHours(1));
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return read(() -> store.get(key));
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return read(() -> store.list(prefix));
  }

  @Override
  public CompletionStage<WriteResult> put(String key, byte[] value, Expect expect, @Nullable Session session) {
    DcsChecks.put(key, value);
    return write(List.of(new Write.Put(key, value, expect, Optional.ofNullable(session))));
  }

  @Override
  public CompletionStage<WriteResult> delete(String key, Expect expect) {
    DcsChecks.delete(key, expect);
    return write(List.of(new Write.Delete(key, expect)));
  }

  @Override
  public CompletionStage<WriteResult> transact(List<Write> writes) {
    DcsChecks.transaction(writes, capabilities().transactionMax());
    return write(List.copyOf(writes));
  }

  @Override
  public Registration watch(String prefix, long after, Watcher watcher) {
    DcsKeys.checkPrefix(prefix);
    MemoryWatch watch = new MemoryWatch(prefix, after, watcher);
    watches.add(watch);
    watch.open();
    return watch;
  }

  @Override
  public CompletionStage<Session> open(String name, Duration ttl) {
    DcsChecks.session(name, ttl, capabilities());
    long sent = store.clock().nanos();
    return read(() -> store.open(ttl)).thenApply(id -> sessions.start(id, name, ttl, sent));
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, store.timers(), loop);
  }

  @Override
  public CompletionStage<DcsStatus> status() {
    return read(() -> new DcsStatus(DcsStatus.State.SERVING, "in memory, for tests", Optional.of("memory"), store.revision(),
        List.of(), Optional.of(1), Optional.of(false), Optional.of(false), Optional.of(false)));
  }

  /** Ends its sessions and watches. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      watches.forEach(MemoryWatch::close);
      sessions.stop();
    }
  }

  private <T> CompletionStage<T> read(Supplier<T> supplier) {
    if (line == Line.UP && !closed) {
      return CompletableFuture.supplyAsync(supplier, loop).minimalCompletionStage();
    }
    CompletableFuture<T> failed = new CompletableFuture<>();
    store.timers().after(PATIENCE, loop, () -> failed.completeExceptionally(new DcsUnavailable("memory: the line is cut")));
    return failed.minimalCompletionStage();
  }

  private CompletionStage<WriteResult> write(List<Write> writes) {
    if (closed) {
      return CompletableFuture.completedStage(new WriteResult.Refused("this client is closed"));
    }
    if (line == Line.UP) {
      return CompletableFuture.supplyAsync(() -> store.write(writes), loop).minimalCompletionStage();
    }
    if (line == Line.LOSES_ANSWERS) {
      store.write(writes);
    }
    CompletableFuture<WriteResult> result = new CompletableFuture<>();
    store.timers().after(PATIENCE, loop, () -> result.complete(new WriteResult.Indeterminate("memory: no answer")));
    return result.minimalCompletionStage();
  }

  /** Sessions over the line. */
  private final class Lifeline implements RenewedSession.Lifeline {

    @Override
    public CompletionStage<RenewedSession.Renewal> renew(RenewedSession session) {
      if (line == Line.LOSES_ANSWERS) {
        store.renew(session.id());
      }
      return read(() -> store.renew(session.id()) ? RenewedSession.Renewal.RENEWED : RenewedSession.Renewal.GONE);
    }

    @Override
    public CompletionStage<?> end(RenewedSession session) {
      if (line == Line.UP) {
        store.end(session.id());
      }
      return CompletableFuture.completedStage(null);
    }
  }

  /** A watch that reads on from where it was, on the loop. */
  private final class MemoryWatch implements Registration {
    private final String prefix;
    private final Watcher watcher;
    private Registration listening = () -> {};
    private long told;
    private boolean heard = true;
    private volatile boolean over;

    MemoryWatch(String prefix, long after, Watcher watcher) {
      this.prefix = prefix;
      this.told = after;
      this.watcher = watcher;
    }

    void open() {
      listening = store.listen(() -> loop.execute(this::catchUp));
      loop.execute(this::catchUp);
    }

    void lineChanged() {
      loop.execute(() -> {
        if (!over && heard && line != Line.UP) {
          heard = false;
          watcher.interrupted("memory: the line is cut");
        } else if (!over && !heard && line == Line.UP) {
          catchUp();
          heard = true;
          watcher.resumed();
        }
      });
    }

    private void catchUp() {
      if (over || line != Line.UP) {
        return;
      }
      Optional<List<Change>> changes = told == 0 ? Optional.empty() : store.since(told, prefix);
      if (changes.isEmpty()) {
        Snapshot snapshot = store.list(prefix);
        told = snapshot.revision();
        watcher.reset(snapshot);
      } else if (!changes.get().isEmpty()) {
        told = changes.get().get(changes.get().size() - 1).revision();
        watcher.changed(changes.get());
      }
    }

    @Override
    public void close() {
      over = true;
      listening.close();
      watches.remove(this);
    }
  }
}
