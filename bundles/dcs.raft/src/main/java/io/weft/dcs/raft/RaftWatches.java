package io.weft.dcs.raft;

import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.dcs.raft.member.Calls;
import io.weft.dcs.raft.member.MemberLife;
import io.weft.dcs.raft.member.Router;
import io.weft.dcs.raft.state.Codec;
import io.weft.dcs.raft.state.Decoder;
import io.weft.dcs.raft.state.Encoder;
import io.weft.dcs.raft.state.Query;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.dcs.PolledWatches;
import io.weft.support.dcs.PolledWatches.News;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Watches read the history of the member in this node, or of the leader where there is none; and everything anew, as fresh as can
 * be, at first and where the history does not reach. A member hears of changes at once; others keep a question open at the
 * leader.
 */
final class RaftWatches implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LISTEN = Duration.ofSeconds(2);
  private static final Duration LISTEN_MAX = LISTEN.plusSeconds(1);

  private final Router router;
  private final MemberLife life;
  private final Duration timeout;
  private final Function<String, CompletableFuture<Snapshot>> everything;
  private final Timers timers;
  private final Executor executor;
  private final PolledWatches watches;
  private volatile Registration timer = () -> {};
  private volatile boolean closed;
  private volatile boolean listening;
  private volatile long heard;

  RaftWatches(Router router, MemberLife life, Duration timeout, Function<String, CompletableFuture<Snapshot>> everything,
      Timers timers, Executor executor) {
    this.router = router;
    this.life = life;
    this.timeout = timeout;
    this.everything = everything;
    this.timers = timers;
    this.executor = executor;
    this.watches = new PolledWatches(this::read, executor);
    poll();
  }

  Registration watch(String prefix, long after, Watcher watcher) {
    Registration watch = watches.watch(prefix, after, watcher);
    listen();
    return watch;
  }

  void poke() {
    watches.poke();
  }

  private CompletableFuture<News> read(String prefix, long told) {
    if (told == 0) {
      return everything.apply(prefix).thenApply(News::reset);
    }
    byte[] query = Codec.encode(new Query.Since(prefix, told));
    CompletableFuture<byte[]> answer =
        life.isMember() ? router.local(Calls.NEWS, query) : router.read(Calls.NEWS, query, timeout);
    return answer.thenCompose(bytes -> {
      io.weft.dcs.raft.state.News news = Codec.news(bytes);
      return news.known()
          ? CompletableFuture.completedFuture(new News(null, news.changes(), news.upTo(), news.more()))
          : everything.apply(prefix).thenApply(News::reset);
    });
  }

  /** Finds out that nothing is heard any more, which nobody would tell. */
  private void poll() {
    if (!closed) {
      if (life.isMember()) {
        watches.poke();
      }
      timer = timers.after(POLL, executor, this::poll);
      listen();
    }
  }

  /** Where there is no member, the leader is asked to answer when there is news. */
  private void listen() {
    if (closed || listening || watches.isEmpty() || life.isMember()) {
      return;
    }
    listening = true;
    byte[] question = new Encoder().u64(heard).u32((int) LISTEN.toMillis()).done();
    router.read(Calls.BEYOND, question, LISTEN_MAX).whenComplete((answer, failure) -> {
      listening = false;
      watches.poke();
      if (failure == null) {
        heard = new Decoder(answer).u64();
        listen();
      } // else the poll listens again
    });
  }

  @Override
  public void close() {
    closed = true;
    timer.close();
    watches.close();
  }
}
