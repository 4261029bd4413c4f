package io.weft.dcs.etcd;

import io.weft.dcs.Change;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Backoff;
import io.weft.support.Causes;
import io.weft.support.SerialLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: a stream that is opened again behind the last change it told. A stream that was quiet for a while is opened anew,
 * because a dead connection is quiet too. After a failure, or when etcd has compacted what was to come, it begins again with a
 * listing.
 */
final class EtcdWatch implements Registration {

  private static final Logger log = LoggerFactory.getLogger(EtcdWatch.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_MOST = Duration.ofSeconds(3);
  private static final Duration QUIET_MAX = Duration.ofSeconds(20);
  private static final int QUEUE_MAX = 100_000;

  private final EtcdApi api;
  private final EtcdJson json;
  private final String prefix;
  private final Supplier<CompletionStage<Snapshot>> listing;
  private final Watcher watcher;
  private final Timers timers;
  private final SerialLoop loop;
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  private final Runnable onClose;
  // All of this belongs to the loop.
  private long told;
  private boolean interrupted;
  private int stream;
  private @Nullable CompletableFuture<?> running;
  private Registration timer = () -> {};
  private volatile boolean closed;

  EtcdWatch(EtcdApi api, EtcdJson json, String prefix, long after, Supplier<CompletionStage<Snapshot>> listing, Watcher watcher,
      Timers timers, Executor executor, Runnable onClose) {
    this.api = api;
    this.json = json;
    this.prefix = prefix;
    this.told = after;
    this.listing = listing;
    this.watcher = watcher;
    this.timers = timers;
    this.loop = new SerialLoop("etcd-watch", executor, QUEUE_MAX);
    this.onClose = onClose;
  }

  void start() {
    loop.execute(told == 0 ? this::list : this::follow);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.run();
      CompletableFuture<?> open = running;
      timer.close();
      if (open != null) {
        open.cancel(true);
      }
    }
  }

  private void list() {
    if (closed) {
      return;
    }
    listing.get().whenComplete((snapshot, failure) -> loop.execute(() -> {
      if (closed) {
        return;
      }
      if (failure != null) {
        failed(Causes.of(failure));
        return;
      }
      told = snapshot.revision();
      watcher.reset(snapshot);
      follow();
    }));
  }

  private void follow() {
    if (closed) {
      return;
    }
    int mine = ++stream;
    Map<String, Object> request = Map.of("create_request", Map.of("key", json.encodeKey(prefix), "range_end",
        json.encodeRangeEnd(prefix),
        "start_revision", Long.toString(told + 1), "progress_notify", true));
    CompletableFuture<?> opened = api.stream("/v3/watch", request, line -> loop.execute(() -> heard(mine, line)));
    running = opened;
    armQuietTimer(mine);
    opened.whenComplete((done, failure) -> loop.execute(() -> {
      if (mine == stream && !closed) {
        failed(failure == null ? new java.io.IOException("the stream ended") : Causes.of(failure));
      }
    }));
    if (closed) {
      opened.cancel(true);
    }
  }

  private void heard(int from, String line) {
    if (from != stream || closed) {
      return;
    }
    EtcdJson.WatchMessage message;
    try {
      message = json.watchMessage(line);
    } catch (IllegalArgumentException e) {
      failed(e);
      return;
    }
    if (message.canceled()) {
      if (message.compacted()) {
        log.debug("watch compacted prefix={}", prefix);
        endStream();
        list();
      } else {
        failed(new java.io.IOException("etcd ended the watch: " + message.reason()));
      }
      return;
    }
    if (message.created()) {
      backoff.reset();
      if (interrupted) {
        interrupted = false;
        watcher.resumed();
      }
    }
    List<Change> news = message.changes().stream().filter(c -> c.revision() > told).toList();
    if (!news.isEmpty()) {
      told = news.get(news.size() - 1).revision();
      watcher.changed(news);
    }
    armQuietTimer(from);
  }

  private void failed(Throwable cause) {
    endStream();
    if (!interrupted) {
      interrupted = true;
      log.debug("watch interrupted prefix={} problem=\"{}\"", prefix, cause.toString());
      watcher.interrupted("etcd: " + Causes.text(cause));
    }
    timer = timers.after(backoff.next(), loop, this::list);
  }

  private void endStream() {
    stream++;
    timer.close();
    if (running != null) {
      running.cancel(true);
      running = null;
    }
  }

  private void armQuietTimer(int mine) {
    timer.close();
    long jitter = ThreadLocalRandom.current().nextLong(QUIET_MAX.toNanos() / 4);
    timer = timers.after(QUIET_MAX.minusNanos(jitter), loop, () -> {
      if (mine == stream && !closed) {
        endStream();
        follow();
      }
    });
  }
}
