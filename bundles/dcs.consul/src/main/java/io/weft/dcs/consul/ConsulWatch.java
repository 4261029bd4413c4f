package io.weft.dcs.consul;

import io.weft.dcs.Change;
import io.weft.dcs.Entry;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Backoff;
import io.weft.support.Causes;
import io.weft.support.SerialLoop;
import io.weft.support.dcs.WatchModel;
import io.weft.support.http.HttpReply;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: a query that Consul answers when something changes, again and again. Consul has no history, so the difference is
 * ours to find.
 */
final class ConsulWatch implements Registration {

  private static final Logger log = LoggerFactory.getLogger(ConsulWatch.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LATE = Duration.ofSeconds(4); // Consul adds up to a sixteenth of the wait
  private static final int QUEUE_MAX = 1_000;

  private final ConsulApi api;
  private final ConsulJson json;
  private final String path;
  private final Watcher watcher;
  private final Timers timers;
  private final SerialLoop loop;
  private final Runnable onClose;
  private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(3), ThreadLocalRandom.current());
  // These belong to the loop.
  private final WatchModel model = new WatchModel();
  private long index;
  private boolean told;
  private boolean interrupted;
  private Registration timer = () -> {};
  private volatile @Nullable CompletableFuture<?> running;
  private volatile boolean closed;

  ConsulWatch(ConsulApi api, ConsulJson json, String path, Watcher watcher, Timers timers, Executor executor, Runnable onClose) {
    this.api = api;
    this.json = json;
    this.path = path;
    this.watcher = watcher;
    this.timers = timers;
    this.loop = new SerialLoop("consul-watch", executor, QUEUE_MAX);
    this.onClose = onClose;
  }

  void start() {
    loop.execute(this::ask);
  }

  private void ask() {
    if (closed) {
      return;
    }
    String query = index == 0 ? "&consistent" : "&index=" + index + "&wait=" + WAIT.toSeconds() + "s";
    CompletableFuture<HttpReply> asked = api.get(path + query, WAIT.plus(LATE));
    running = asked;
    asked.whenComplete((reply, failure) -> loop.execute(() -> answered(reply, failure)));
  }

  private void answered(@Nullable HttpReply reply, @Nullable Throwable failure) {
    if (closed) {
      return;
    }
    try {
      if (failure != null) {
        throw new java.io.IOException(Causes.text(Causes.of(failure)));
      }
      if (!reply.isOk() && reply.status() != 404) {
        throw ConsulApi.refusal(reply);
      }
      List<Entry> entries = reply.status() == 404 ? List.of() : json.entries(reply.text());
      long now = ConsulApi.index(reply);
      index = now < index ? 0 : now; // it went back: begin again, as Consul's manual asks for
      tell(new Snapshot(entries, now));
      backoff.reset();
      ask();
    } catch (java.io.IOException | IllegalArgumentException e) {
      failed(e);
    }
  }

  private void tell(Snapshot snapshot) {
    if (!told) {
      told = true;
      model.reset(snapshot);
      watcher.reset(snapshot);
    } else {
      List<Change> changes = model.difference(snapshot);
      if (!changes.isEmpty()) {
        watcher.changed(changes);
      }
    }
    if (interrupted) {
      interrupted = false;
      watcher.resumed();
    }
  }

  private void failed(Exception cause) {
    log.debug("watch interrupted path={} problem=\"{}\"", path, cause.getMessage());
    index = 0;
    if (!interrupted) {
      interrupted = true;
      watcher.interrupted("consul: " + cause.getMessage());
    }
    timer = timers.after(backoff.next(), loop, this::ask);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      timer.close();
      onClose.run();
      CompletableFuture<?> open = running;
      if (open != null) {
        open.cancel(true);
      }
    }
  }
}
