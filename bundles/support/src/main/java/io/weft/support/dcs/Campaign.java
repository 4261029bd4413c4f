package io.weft.support.dcs;

import io.weft.dcs.Dcs;
import io.weft.dcs.DcsUnavailable;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.support.Backoff;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One wish to lead: tries to create the key, at first at once, later whenever it is gone and from time to time. */
final class Campaign {

  private static final Duration RETRY_FIRST = Duration.ofMillis(50);
  private static final Duration RETRY_MOST = Duration.ofSeconds(2);
  private static final long JITTER_NANOS = Duration.ofMillis(30).toNanos();
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(15);

  private final KeyElection election;
  private final Session session;
  private final byte[] value;
  private final Dcs dcs;
  private final Timers timers;
  private final Executor executor;
  private final CompletableFuture<Leadership> result = new CompletableFuture<>();
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  // Guards what follows. Nothing but timers is called while it is held.
  private final Object lock = new Object();
  private boolean trying;
  private boolean goneMeanwhile;
  private boolean done;
  private @Nullable Registration watch;
  private Registration timer = () -> {};

  Campaign(KeyElection election, Session session, byte[] value, Dcs dcs, Timers timers, Executor executor) {
    this.election = election;
    this.session = session;
    this.value = value;
    this.dcs = dcs;
    this.timers = timers;
    this.executor = executor;
  }

  CompletableFuture<Leadership> result() {
    return result;
  }

  void start() {
    session.ended().thenAccept(reason -> fail(new DcsUnavailable("the session ended: " + reason)));
    result.whenComplete((leadership, failure) -> finish());
    attempt();
  }

  private void attempt() {
    synchronized (lock) {
      if (done || trying) {
        return;
      }
      trying = true;
      goneMeanwhile = false;
      timer.close();
    }
    if (!session.isAlive()) {
      fail(new DcsUnavailable("the session is over"));
      return;
    }
    dcs.put(election.key(), value, Expect.absent(), session).whenComplete((outcome, failure) -> {
      synchronized (lock) {
        trying = false;
      }
      if (failure != null) {
        fail(failure);
      } else {
        attempted(outcome);
      }
    });
  }

  private void attempted(WriteResult outcome) {
    if (outcome instanceof WriteResult.Done made) {
      won(made.revision());
    } else if (outcome instanceof WriteResult.SessionLost) {
      fail(new DcsUnavailable("the store ended the session"));
    } else if (outcome instanceof WriteResult.Conflict conflict) {
      backoff.reset();
      Entry there = conflict.current().orElse(null);
      if (there != null && there.session().filter(session.id()::equals).isPresent()) {
        ours(there);
      } else {
        waitForTurn(there == null);
      }
    } else {
      tryAfter(backoff.next()); // an attempt that succeeded unseen shows up as a key of ours
    }
  }

  /**
   * A key of our session: from an attempt of which nobody knew, or left by a resignation of which nobody knew. Made anew, it
   * cannot be confused.
   */
  private void ours(Entry there) {
    dcs.delete(election.key(), Expect.revision(there.revision()))
        .whenComplete((outcome, failure) -> tryAfter(failure == null && outcome.isDone() ? Duration.ZERO : backoff.next()));
  }

  private void waitForTurn(boolean alreadyGone) {
    boolean first;
    synchronized (lock) {
      first = watch == null && !done;
      if (first) {
        watch = () -> {};
      }
    }
    if (first) {
      Registration opened = election.watch(this::seen);
      synchronized (lock) {
        if (!done) {
          watch = opened;
          opened = null;
        }
      }
      if (opened != null) {
        opened.close();
      }
    }
    boolean soon;
    synchronized (lock) {
      soon = alreadyGone || goneMeanwhile;
    }
    tryAfter(soon ? backoff.next() : LOOK_AGAIN);
  }

  private void seen(@Nullable Entry leader, long revision) {
    if (leader == null) {
      synchronized (lock) {
        goneMeanwhile = true; // an attempt that is on its way may have come too early
      }
      tryAfter(Duration.ofNanos(ThreadLocalRandom.current().nextLong(JITTER_NANOS)));
    }
  }

  private void tryAfter(Duration delay) {
    synchronized (lock) {
      if (!done && !trying) {
        timer.close();
        timer = timers.after(delay, executor, this::attempt);
      }
    }
  }

  private void won(long token) {
    KeyLeadership leadership = new KeyLeadership(election, session, token, dcs);
    if (result.complete(leadership)) {
      leadership.follow();
    } else {
      leadership.resign(); // withdrawn meanwhile
    }
  }

  private void fail(Throwable failure) {
    executor.execute(() -> result.completeExceptionally(failure));
  }

  private void finish() {
    Registration open;
    synchronized (lock) {
      done = true;
      timer.close();
      open = watch;
    }
    if (open != null) {
      open.close();
    }
  }
}
