package org.example.filestore;

import io.weft.dcs.Capabilities;
import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.DcsKeys;
import io.weft.dcs.DcsMember;
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
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.dcs.DcsChecks;
import io.weft.support.dcs.DcsThreads;
import io.weft.support.dcs.KeyElection;
import io.weft.support.dcs.PolledWatches;
import io.weft.support.dcs.RenewedSession;
import io.weft.support.dcs.RenewedSessions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A store for a node that is alone, as a developer's is: nothing to install, and leases and jobs work as they do elsewhere. It is kept
 * once, on this machine, and its status says so; two nodes that should agree on something need a real one.
 */
@Component(
    name = "file-store",
    service = Dcs.class,
    property = Dcs.BACKEND + "=file-store",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = FileStoreConfig.class)
public final class FileStore implements Dcs {

  /** A disk that takes longer is treated as a store that does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Capabilities CAPABILITIES =
      new Capabilities(true, true, true, Duration.ZERO, 64, Duration.ofMillis(500), Duration.ofHours(1));

  private final LocalStore store;
  private final String node;
  private final Clock clock;
  private final Timers timers;
  private final Executor disk;
  private final Executor news;
  private final Runnable onClose;
  private final RenewedSessions sessions;
  private final PolledWatches watches;
  private final Registration listening;
  private volatile Registration timer = () -> {};
  private volatile boolean closed;

  /** @throws IOException if the file is not to be had; the message says why */
  @Activate
  public FileStore(FileStoreConfig config, @Reference Node node, @Reference Clock clock, @Reference Timers timers) throws IOException {
    this(node.name(), clock, timers, DcsThreads.create("file-store-disk", 1), DcsThreads.create("file-store", 1),
        new StoreFile(node.home().resolve(config.file()), config.sync()));
  }

  private FileStore(String node, Clock clock, Timers timers, ThreadPoolExecutor disk, ThreadPoolExecutor news, StoreFile file)
      throws IOException {
    this(new LocalStore(file, timers, disk), node, clock, timers, disk, news, store -> {
      disk.shutdown();
      news.shutdown();
      store.close();
    });
  }

  /**
   * One client of a store.
   *
   * @param disk for what touches the file, one after another; may hang
   * @param news for all else that is done by itself
   */
  FileStore(
      LocalStore store, String node, Clock clock, Timers timers, Executor disk, Executor news, Consumer<LocalStore> onClose) {
    this.store = store;
    this.node = node;
    this.clock = clock;
    this.timers = timers;
    this.disk = disk;
    this.news = news;
    this.onClose = () -> onClose.accept(store);
    this.sessions = new RenewedSessions(new Lifeline(), clock, timers, news);
    this.watches = new PolledWatches((prefix, told) -> read(() -> newsSince(prefix, told)), news);
    this.listening = store.listen(watches::poke);
    lookAgain();
  }

  /** A watch that failed to read is served again, though nothing changed since. */
  private void lookAgain() {
    if (!closed) {
      watches.poke();
      timer = timers.after(LOOK_AGAIN, news, this::lookAgain);
    }
  }

  @Deactivate
  void close() {
    closed = true;
    timer.close();
    listening.close();
    watches.close();
    sessions.stop().whenComplete((done, failure) -> onClose.run());
  }

  @Override
  public String backend() {
    return "file-store";
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public CompletionStage<Optional<Entry>> get(String key, ReadMode mode) {
    DcsKeys.check(key);
    return read(() -> store.get(key)).minimalCompletionStage();
  }

  @Override
  public CompletionStage<Snapshot> list(String prefix, ReadMode mode) {
    DcsKeys.checkPrefix(prefix);
    return read(() -> store.list(prefix)).minimalCompletionStage();
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
    DcsChecks.transaction(writes, CAPABILITIES.transactionMax());
    return write(List.copyOf(writes));
  }

  @Override
  public Registration watch(String prefix, long after, Watcher watcher) {
    DcsKeys.checkPrefix(prefix);
    return watches.watch(prefix, after, watcher);
  }

  private PolledWatches.News newsSince(String prefix, long told) {
    Optional<List<Change>> changes = told == 0 ? Optional.empty() : store.since(told, prefix);
    if (changes.isEmpty()) {
      return PolledWatches.News.reset(store.list(prefix));
    }
    List<Change> list = changes.get();
    return PolledWatches.News.changes(list, list.isEmpty() ? told : list.get(list.size() - 1).revision());
  }

  @Override
  public CompletionStage<Session> open(String name, Duration ttl) {
    DcsChecks.session(name, ttl, CAPABILITIES);
    long sent = clock.nanos();
    return read(() -> store.open(ttl))
        .thenCompose(id -> id.map(CompletableFuture::completedFuture)
            .orElseGet(() -> CompletableFuture.failedFuture(new DcsUnavailable("file-store: there are too many sessions"))))
        .thenApply(id -> sessions.start(id, name, ttl, sent))
        .minimalCompletionStage();
  }

  @Override
  public Election election(String name) {
    return new KeyElection(this, name, timers, news);
  }

  /** Kept once, on one machine. There are no clients but this process, and no line to listen on. */
  @Override
  public CompletionStage<DcsStatus> status() {
    return read(() -> new DcsStatus(DcsStatus.State.SERVING, "in the file " + store + " of this node, kept nowhere else",
        Optional.of(node), store.revision(), List.of(new DcsMember(node, "leader", 0, true)), Optional.of(1),
        Optional.of(store.isSynced()), Optional.of(true), Optional.of(true))).minimalCompletionStage();
  }

  private <T> CompletableFuture<T> read(Supplier<T> question) {
    return ask(question, answer -> answer.completeExceptionally(new DcsUnavailable("file-store: the disk does not answer")));
  }

  private CompletionStage<WriteResult> write(List<Write> writes) {
    if (closed) {
      return CompletableFuture.completedStage(new WriteResult.Refused("file-store: stopped"));
    }
    return ask(() -> store.write(writes),
        answer -> answer.complete(new WriteResult.Indeterminate("file-store: the disk does not answer"))).minimalCompletionStage();
  }

  private <T> CompletableFuture<T> ask(Supplier<T> question, Consumer<CompletableFuture<T>> late) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Registration limit = timers.after(PATIENCE, news, () -> late.accept(answer));
    answer.whenComplete((done, failure) -> limit.close());
    try {
      disk.execute(() -> {
        if (answer.isDone()) {
          return; // it waited for too long: what nobody waits for any more does not happen
        }
        try {
          answer.complete(question.get());
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      late.accept(answer); // stopped, or ten thousand wait already; nothing is known to have happened
    }
    return answer;
  }

  /** Sessions over the disk. */
  private final class Lifeline implements RenewedSession.Lifeline {

    @Override
    public CompletionStage<RenewedSession.Renewal> renew(RenewedSession session) {
      return read(() -> store.renew(session.id()) ? RenewedSession.Renewal.RENEWED : RenewedSession.Renewal.GONE);
    }

    @Override
    public CompletionStage<?> end(RenewedSession session) {
      return read(() -> {
        store.end(session.id());
        return session.id();
      });
    }
  }
}
