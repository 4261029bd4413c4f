package io.weft.path.ice;

import io.weft.node.Clock;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.NatKind;
import io.weft.path.ice.check.Credentials;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which two nodes agree on one attempt, each told only by the other's notes, which may be late, lost or twice. Of each side
 * the latest offer counts. Of two offers that cross, that of the smaller node id. An offer that comes while another is tried waits until
 * that one had its time, so that a storm of offers still leads somewhere. No sockets, no threads; on one executor only.
 */
final class Negotiation {

  /** An attempt has this long before another offer ends it. */
  static final Duration GRACE = Duration.ofSeconds(3);

  /**
   * What was said is said again while nothing came of it, first after this: a broker may have lost a note, or the peer may have learned of
   * this node only since. That goes for answers too: an offer that comes twice is taken for a copy on the way, so it asks for nothing.
   */
  static final Duration REPEAT = Duration.ofSeconds(1);

  private static final Duration REPEAT_MOST = Duration.ofSeconds(4);

  /** After this an attempt has failed. */
  static final Duration LIMIT = Duration.ofSeconds(25);

  private static final int EARLY_MAX = 4;

  /** What follows from the rules. */
  interface Steps {

    void send(Signal signal);

    /** An attempt of this side began: gather, and {@link #say} what was found. */
    void began(Attempt attempt);

    /** Both sides know each other's credentials: check. */
    void agreed(Attempt attempt, Description theirs);

    /** More addresses of the peer. */
    void candidates(Attempt attempt, List<RemoteAddress> found);

    /** It did not lead anywhere, or has no purpose any more: free it. Another may begin right after. */
    void over(Attempt attempt, Reason why);
  }

  private enum State {
    offered,
    agreed,
    connected
  }

  private record Offer(long number, Description description) {}

  private record Early(long number, List<RemoteAddress> found) {}

  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final RandomGenerator random;
  private final boolean controlling;
  private final UnaryOperator<Description> labels;
  private final Steps steps;
  private final IceCounters counters;

  private long last;
  private long latest;
  private final List<Early> early = new ArrayList<>();
  private @Nullable Attempt current;
  private State state = State.connected;
  private long theirs;
  private final List<Signal> said = new ArrayList<>();
  private @Nullable Offer pending;
  private Registration grace = () -> {};
  private Registration repeat = () -> {};
  private Registration limit = () -> {};

  /**
   * @param controlling whether this side has the smaller id
   * @param random one that cannot be predicted
   * @param labels puts this node's labels in
   */
  Negotiation(
      Clock clock, Timers timers, Executor executor, RandomGenerator random, boolean controlling, UnaryOperator<Description> labels,
      IceCounters counters, Steps steps) {
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
    this.random = random;
    this.controlling = controlling;
    this.labels = labels;
    this.counters = counters;
    this.steps = steps;
  }

  /** The attempt that runs or has connected, or null. */
  @Nullable Attempt current() {
    return current;
  }

  boolean isRunning() {
    return current != null && state != State.connected;
  }

  /** Begins an attempt of ours, for that link. One that runs goes on instead. */
  Attempt start(long link) {
    if (current != null && isRunning()) {
      return current;
    }
    return begin(link, 0, State.offered);
  }

  private Attempt begin(long link, long answers, State next) {
    stopTimers();
    last = Math.max(last + 1, clock.now().toEpochMilli());
    Attempt attempt = new Attempt(last, Credentials.draw(random), link, answers, clock.nanos());
    current = attempt;
    state = next;
    theirs = answers;
    said.clear();
    limit = timers.after(LIMIT, executor, () -> expired(attempt));
    Description own = labels.apply(new Description(attempt.credentials(), link, answers, latest, "", "", "", NatKind.unknown));
    say(new Signal(SignalType.auth, attempt.number(), own.encode()));
    repeat(attempt, REPEAT);
    steps.began(attempt);
    return attempt;
  }

  /** Tells the peer more of an attempt of ours. */
  void say(Attempt attempt, SignalType type, byte[] data) {
    if (attempt == current) {
      say(new Signal(type, attempt.number(), data));
    }
  }

  private void say(Signal signal) {
    said.add(signal);
    steps.send(signal);
  }

  private void repeat(Attempt attempt, Duration wait) {
    repeat = timers.after(wait, executor, () -> {
      if (attempt == current && isRunning()) {
        List.copyOf(said).forEach(steps::send);
        Duration next = wait.multipliedBy(2);
        repeat(attempt, next.compareTo(REPEAT_MOST) < 0 ? next : REPEAT_MOST);
      }
    });
  }

  private void expired(Attempt attempt) {
    if (state == State.offered) {
      fail(attempt, Reason.of("no_answer", "the peer did not answer within " + LIMIT.toSeconds() + " s"));
    } else {
      fail(attempt, Reason.of("timeout", "no pair of addresses worked within " + LIMIT.toSeconds() + " s"));
    }
  }

  /** A pair of the attempt works. */
  void connected(Attempt attempt) {
    if (attempt == current && state == State.agreed) {
      state = State.connected;
      limit.close();
      repeat.close();
    }
  }

  /** The attempt leads nowhere, or is not wanted any more. */
  void fail(Attempt attempt, Reason why) {
    if (attempt != current) {
      return;
    }
    forget();
    steps.over(attempt, why);
    Offer next = pending;
    if (next != null && current == null) {
      pending = null;
      accept(next);
    }
  }

  private void forget() {
    stopTimers();
    current = null;
    state = State.connected;
    said.clear();
  }

  private void stopTimers() {
    grace.close();
    repeat.close();
    limit.close();
  }

  /** Ends everything without a word. */
  void close() {
    forget();
    pending = null;
    early.clear();
  }

  /** A note of the peer. */
  void received(Signal signal) {
    try {
      switch (signal.type()) {
        case auth -> auth(signal.attempt(), Description.decode(signal.data()));
        case candidate -> candidates(signal.attempt(), Notes.decode(signal.data()));
        case done -> counters.add(IceCounters.SIGNALS_DONE);
      }
    } catch (IllegalArgumentException e) {
      counters.add(IceCounters.SIGNALS_MALFORMED);
    }
  }

  private void candidates(long number, List<RemoteAddress> found) {
    if (number < latest) {
      counters.add(IceCounters.SIGNALS_STALE);
    } else if (current != null && state != State.offered && number == theirs) {
      steps.candidates(current, found);
    } else {
      early.removeIf(e -> e.number < number);
      if (early.size() < EARLY_MAX) {
        early.add(new Early(number, found));
      } else {
        counters.add(IceCounters.SIGNALS_OVER_LIMIT);
      }
    }
  }

  private void auth(long number, Description description) {
    if (number <= latest) {
      if (number == latest && current != null && state == State.agreed && current.answers() == number) {
        List.copyOf(said).forEach(steps::send); // It asks again, so our answer may be lost.
      } else {
        counters.add(IceCounters.SIGNALS_STALE);
      }
      return;
    }
    latest = number;
    early.removeIf(e -> e.number < number);
    if (pending != null && pending.number < number) {
      pending = null;
    }
    if (description.isOffer()) {
      offer(new Offer(number, description));
    } else if (current != null && state == State.offered && current.number() == description.answers()) {
      agree(current, number, description);
    } else {
      counters.add(IceCounters.SIGNALS_STALE);
    }
  }

  private void offer(Offer offer) {
    if (current == null) {
      accept(offer);
    } else if (state == State.offered && offer.description.seen() < current.number()) {
      crossed(offer);
    } else if (age(current).compareTo(GRACE) >= 0) {
      accept(offer);
    } else {
      later(offer);
    }
  }

  /** Neither side knew of the other's offer. Both decide the same way. */
  private void crossed(Offer offer) {
    if (controlling) {
      counters.add(IceCounters.OFFERS_CROSSED);
    } else {
      accept(offer);
    }
  }

  private void later(Offer offer) {
    pending = offer;
    counters.add(IceCounters.OFFERS_DEFERRED);
    grace.close();
    Attempt attempt = current;
    grace = timers.after(GRACE.minus(age(attempt)), executor, () -> {
      Offer next = pending;
      if (next != null && attempt == current) {
        pending = null;
        accept(next);
      }
    });
  }

  private Duration age(Attempt attempt) {
    return Duration.ofNanos(clock.nanos() - attempt.started());
  }

  private void accept(Offer offer) {
    Attempt before = current;
    if (before != null) {
      boolean connected = state == State.connected;
      forget();
      if (!connected) {
        steps.over(before, Reason.of("superseded", "the peer offered another attempt"));
      }
    }
    Attempt attempt = begin(offer.description.link(), offer.number, State.agreed);
    if (attempt == current) {
      agree(attempt, offer.number, offer.description);
    }
  }

  private void agree(Attempt attempt, long number, Description description) {
    state = State.agreed;
    theirs = number;
    steps.agreed(attempt, description);
    List<Early> known = early.stream().filter(e -> e.number == number).toList();
    early.removeIf(e -> e.number <= number);
    for (Early e : known) {
      if (attempt == current) {
        steps.candidates(attempt, e.found);
      }
    }
  }
}
