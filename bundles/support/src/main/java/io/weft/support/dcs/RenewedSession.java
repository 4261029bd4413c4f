package io.weft.support.dcs;

import io.weft.dcs.Session;
import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session that asks its store for more time after a third of it, and again soon when that failed. What makes it right: its time
 * counts from the moment a renewal was sent, it ends here a twentieth earlier than that would allow, and what is over stays over.
 */
public final class RenewedSession implements Session {

  /** What the store said to a renewal. */
  public enum Renewal {
    RENEWED,
    GONE
  }

  /** How to talk to the store. Stages that fail mean that nothing is known, and are tried again. Must return at once. */
  public interface Lifeline {

    CompletionStage<Renewal> renew(RenewedSession session);

    CompletionStage<?> end(RenewedSession session);
  }

  private static final Logger log = LoggerFactory.getLogger(RenewedSession.class);
  private static final int MARGIN_PART = 20;
  private static final int RENEW_PART = 3;
  private static final int RETRY_PART = 10;

  private final String id;
  private final String name;
  private final Duration ttl;
  private final Lifeline lifeline;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final CompletableFuture<Reason> ended = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  // Guards what follows. Nothing but timers is called while it is held.
  private final Object lock = new Object();
  private long deadline;
  private @Nullable Reason over;
  private boolean closing;
  private Registration nextRenewal = () -> {};
  private Registration deadlineTimer = () -> {};

  private RenewedSession(String id, String name, Duration ttl, Lifeline lifeline, Clock clock, Timers timers, Executor executor) {
    this.id = id;
    this.name = name;
    this.ttl = ttl;
    this.lifeline = lifeline;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /**
   * Begins to renew.
   *
   * @param sent {@link Clock#nanos} right before the request that made the session was sent
   * @param executor for renewals and news
   */
  public static RenewedSession start(
      String id, String name, Duration ttl, long sent, Lifeline lifeline, Clock clock, Timers timers, Executor executor) {
    RenewedSession session = new RenewedSession(id, name, ttl, lifeline, clock, timers, executor);
    synchronized (session.lock) {
      session.deadline = session.deadlineFrom(sent);
      session.armDeadline();
      session.renewAfter(session.interval());
    }
    return session;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Duration ttl() {
    return ttl;
  }

  @Override
  public long deadlineNanos() {
    synchronized (lock) {
      return deadline;
    }
  }

  @Override
  public boolean isAlive() {
    synchronized (lock) {
      if (over == null && clock.nanos() - deadline >= 0) {
        finish(Reason.of("deadline", "no renewal was confirmed in time"));
      }
      return over == null;
    }
  }

  @Override
  public CompletionStage<Reason> ended() {
    return ended.minimalCompletionStage();
  }

  /** The store said that it is gone. */
  public void expired() {
    synchronized (lock) {
      finish(Reason.of("expired", "the store ended the session"));
    }
  }

  /** The backend stops; the store is told, as far as it can be reached. */
  public CompletionStage<Void> stop() {
    return end(Reason.of("stopped"));
  }

  @Override
  public CompletionStage<Void> close() {
    return end(Reason.of("closed"));
  }

  private CompletionStage<Void> end(Reason reason) {
    synchronized (lock) {
      finish(reason);
      if (closing) {
        return closed.minimalCompletionStage();
      }
      closing = true;
    }
    lifeline.end(this).whenComplete((done, failure) -> {
      if (failure != null) {
        log.debug("session end not confirmed session={} problem=\"{}\"", id, failure.toString());
      }
      closed.complete(null); // the store ends it after the TTL at the latest
    });
    return closed.minimalCompletionStage();
  }

  private void renew() {
    synchronized (lock) {
      if (over != null) {
        return;
      }
      renewAfter(interval()); // also if this one hangs
    }
    long sent = clock.nanos();
    lifeline.renew(this).whenComplete((renewal, failure) -> answered(sent, renewal, failure));
  }

  private void answered(long sent, @Nullable Renewal renewal, @Nullable Throwable failure) {
    synchronized (lock) {
      if (over != null || !isAlive()) {
        return;
      }
      if (renewal == Renewal.RENEWED) {
        long later = deadlineFrom(sent);
        if (later - deadline > 0) {
          deadline = later;
          armDeadline();
        }
      } else if (renewal == Renewal.GONE) {
        finish(Reason.of("expired", "the store ended the session"));
      } else {
        log.debug("session not renewed session={} name={} problem=\"{}\"", id, name, String.valueOf(failure));
        renewAfter(ttl.dividedBy(RETRY_PART));
      }
    }
  }

  /** With the lock. */
  private void finish(Reason reason) {
    if (over != null) {
      return;
    }
    over = reason;
    nextRenewal.close();
    deadlineTimer.close();
    executor.execute(() -> {
      log.debug("session over session={} name={} reason={}", id, name, reason.code());
      ended.complete(reason);
    });
  }

  /** With the lock. */
  private void renewAfter(Duration delay) {
    nextRenewal.close();
    nextRenewal = timers.after(delay, executor, this::renew);
  }

  /** With the lock. */
  private void armDeadline() {
    deadlineTimer.close();
    deadlineTimer = timers.after(Duration.ofNanos(deadline - clock.nanos()), executor, this::isAlive);
  }

  private long deadlineFrom(long sent) {
    return sent + ttl.toNanos() - ttl.dividedBy(MARGIN_PART).toNanos();
  }

  /** A little less than a third of the TTL, so that sessions that began together do not renew together. */
  private Duration interval() {
    long third = ttl.dividedBy(RENEW_PART).toNanos();
    return Duration.ofNanos(third - ThreadLocalRandom.current().nextLong(third / 8 + 1));
  }

  @Override
  public String toString() {
    return "session " + id + " (" + name + ")";
  }
}
