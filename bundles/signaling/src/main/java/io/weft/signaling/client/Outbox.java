package io.weft.signaling.client;

import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.support.signal.Envelope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What goes to one peer, in order, while it is on the way. On the loop. */
final class Outbox {

  private static final int WAITING_MAX = 64;
  private static final int BATCH_MAX = 8;
  private static final Duration LINK_AGAIN = Duration.ofSeconds(5);

  /** A link that takes longer than this may be dead without anybody knowing yet; brokers get what it has not taken then. */
  private static final Duration LINK_PATIENCE = Duration.ofMillis(500);

  /** One signal and who waits to hear that it is on its way. */
  record Pending(Envelope envelope, CompletableFuture<String> sent) {

    void fail(Reason reason) {
      sent.completeExceptionally(new SignalNotSent(reason));
    }
  }

  /** The ways there are. */
  interface Ways {

    boolean linked(String peer);

    /** Completes on the loop. */
    CompletableFuture<Void> overLink(String peer, List<Envelope> batch);

    void overBrokers(Pending pending);

    /** Whether a broker is not known to be down. */
    boolean hasBroker();

    /** On the loop. */
    Registration after(Duration delay, Runnable task);
  }

  private final String peer;
  private final Ways ways;
  private final Clock clock;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private final List<Pending> open = new ArrayList<>();
  private boolean linkBusy;
  private boolean avoidLink;
  private long avoidSince;
  private long doubtedSince;
  private boolean doubted;
  private int turn;
  private long latest;

  Outbox(String peer, Ways ways, Clock clock) {
    this.peer = peer;
    this.ways = ways;
    this.clock = clock;
  }

  void send(Pending pending) {
    Signal signal = pending.envelope().signal();
    if (signal.attempt() < latest) {
      pending.fail(Reason.of("cancelled", "a later attempt was announced already"));
      return;
    }
    if (signal.attempt() > latest) {
      latest = signal.attempt();
      supersede();
    }
    open.removeIf(p -> p.sent().isDone());
    if (open.size() >= WAITING_MAX) {
      pending.fail(Reason.of("refused", WAITING_MAX + " signals to " + peer + " wait"));
      return;
    }
    open.add(pending);
    waiting.add(pending);
    pump();
  }

  /** What belongs to an earlier attempt is of no use to anybody. */
  private void supersede() {
    for (Pending pending : open) {
      pending.fail(Reason.of("cancelled", "a later attempt took its place"));
    }
    open.clear();
    waiting.clear();
  }

  /** The link may be dead though nobody knows yet: what goes now and for a while goes over brokers too. */
  void doubtLink() {
    doubted = true;
    doubtedSince = clock.nanos();
  }

  private void pump() {
    if (linkBusy) {
      return;
    }
    if (useLink()) {
      List<Pending> batch = take();
      if (!batch.isEmpty()) {
        overLink(batch);
      }
      return;
    }
    for (Pending pending = waiting.poll(); pending != null; pending = waiting.poll()) {
      ways.overBrokers(pending);
    }
  }

  private boolean useLink() {
    if (avoidLink && clock.nanos() - avoidSince > LINK_AGAIN.toNanos()) {
      avoidLink = false;
    }
    return !avoidLink && ways.linked(peer);
  }

  private List<Pending> take() {
    List<Pending> batch = new ArrayList<>();
    for (Iterator<Pending> all = waiting.iterator(); all.hasNext() && batch.size() < BATCH_MAX;) {
      Pending pending = all.next();
      all.remove();
      if (!pending.sent().isDone()) {
        batch.add(pending);
      }
    }
    return batch;
  }

  private void overLink(List<Pending> batch) {
    linkBusy = true;
    int now = ++turn;
    Registration impatience = ways.after(patience(), () -> {
      if (ways.hasBroker()) {
        leaveLink(now, batch);
      }
    });
    ways.overLink(peer, batch.stream().map(Pending::envelope).toList()).whenComplete((done, problem) -> {
      impatience.close();
      if (problem == null) {
        avoidLink = false;
        doubted = false;
        batch.forEach(pending -> pending.sent().complete(Inbox.LINK));
        if (turn == now) {
          linkBusy = false;
          pump();
        }
      } else {
        leaveLink(now, batch);
      }
    });
  }

  private Duration patience() {
    doubted &= clock.nanos() - doubtedSince < LINK_AGAIN.toNanos();
    return doubted ? Duration.ZERO : LINK_PATIENCE;
  }

  /** Gives to brokers what the link has not taken, and what comes after it. */
  private void leaveLink(int of, List<Pending> batch) {
    if (turn != of || !linkBusy) {
      return;
    }
    linkBusy = false;
    avoidLink = true;
    avoidSince = clock.nanos();
    batch.stream().filter(pending -> !pending.sent().isDone()).forEach(ways::overBrokers);
    pump();
  }

  boolean isIdle() {
    open.removeIf(p -> p.sent().isDone());
    return open.isEmpty() && !linkBusy;
  }

  /** Fails everything. */
  void close(Reason reason) {
    open.forEach(pending -> pending.fail(reason));
    open.clear();
    waiting.clear();
  }
}
