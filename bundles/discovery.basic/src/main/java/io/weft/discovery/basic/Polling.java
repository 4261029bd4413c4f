package io.weft.discovery.basic;

import io.weft.discovery.basic.Lookup.LookupFailed;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.support.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again and again, from start to stop: after the interval when it went well, with backoff when it did not. */
final class Polling {

  private static final Logger log = LoggerFactory.getLogger(Polling.class);
  private static final Duration RETRY_FIRST = Duration.ofSeconds(1);

  private final String peer;
  private final Lookup lookup;
  private final Duration interval;
  private final Timers timers;
  private final LookupThreads threads;
  private final Consumer<List<Candidate>> found;
  private final Consumer<String> failed;
  private final Backoff backoff;
  // Guarded by this; nothing but the timers is called while it is held.
  private boolean stopped;
  private Registration timer = () -> {};

  /** @param failed gets one line for people; {@code found} and it are called on a lookup thread, never two at a time */
  Polling(
      String peer,
      Lookup lookup,
      Duration interval,
      Timers timers,
      LookupThreads threads,
      Consumer<List<Candidate>> found,
      Consumer<String> failed) {
    this.peer = peer;
    this.lookup = lookup;
    this.interval = interval;
    this.timers = timers;
    this.threads = threads;
    this.found = found;
    this.failed = failed;
    this.backoff = new Backoff(RETRY_FIRST, interval.compareTo(RETRY_FIRST) > 0 ? interval : RETRY_FIRST, ThreadLocalRandom.current());
  }

  void start() {
    if (!threads.submit(this::ask)) {
      again(backoff.next());
    }
  }

  synchronized void stop() {
    stopped = true;
    timer.close();
  }

  private void ask() {
    if (isStopped()) {
      return;
    }
    Duration wait;
    try {
      List<Candidate> candidates = lookup.candidates();
      log.debug("dns answered peer={} name={} addresses={}", peer, lookup, candidates.size());
      backoff.reset();
      wait = jittered(interval);
      if (!isStopped()) {
        found.accept(candidates);
      }
    } catch (LookupFailed e) {
      wait = backoff.next();
      if (!isStopped()) {
        log.debug("dns failed peer={} name={} retry_ms={} problem=\"{}\"", peer, lookup, wait.toMillis(), e.getMessage(), e);
        failed.accept(e.getMessage());
      }
    }
    again(wait);
  }

  private synchronized void again(Duration wait) {
    if (!stopped) {
      timer = timers.after(wait, Runnable::run, this::start);
    }
  }

  private synchronized boolean isStopped() {
    return stopped;
  }

  /** Up to a tenth more or less, so that nodes that started together do not ask together. */
  private static Duration jittered(Duration interval) {
    long tenth = interval.toNanos() / 10;
    return interval.plusNanos(ThreadLocalRandom.current().nextLong(-tenth, tenth + 1));
  }
}
