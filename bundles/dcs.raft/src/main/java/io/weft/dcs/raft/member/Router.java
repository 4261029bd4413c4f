package io.weft.dcs.raft.member;

import io.weft.dcs.raft.wire.CallFailed;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.dcs.raft.wire.Lines;
import io.weft.dcs.raft.wire.Traffic;
import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.support.Causes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds the leader and asks it, again and again until the time is over; but a write that may have happened is never asked for
 * twice. While answers stay away, all are asked who leads now: a node that died says nothing. As soon as another leads, nobody
 * waits for it any longer. Any thread; nothing blocks.
 */
public final class Router {

  private static final Duration AGAIN = Duration.ofMillis(25);
  private static final Duration READ_MAX = Duration.ofSeconds(1);
  private static final Duration SCOUT_AFTER = Duration.ofMillis(700);
  private static final Duration SCOUT_MAX = Duration.ofSeconds(1);
  private static final Duration EXPIRED_AFTER = Duration.ofMillis(200);
  /** One that handed over the lead may still answer. */
  private static final Duration LAST_WORD = Duration.ofMillis(100);
  private static final int HOPS_MAX = 3;

  private final Contacts contacts;
  private final MemberLife life;
  private final Service service;
  private final Lines lines;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final AtomicInteger turns = new AtomicInteger();
  private final Set<Attempts> unanswered = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scouting = new AtomicBoolean();
  private volatile @Nullable String leader;
  private volatile long answeredNanos;
  private volatile String followed = "";

  public Router(Contacts contacts, MemberLife life, Service service, Lines lines, Clock clock, Timers timers, Executor executor) {
    this.contacts = contacts;
    this.life = life;
    this.service = service;
    this.lines = lines;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /** The node that leads, as far as this one knows. */
  Optional<String> leader() {
    RaftMember member = life.member();
    return member != null && member.leader().isPresent() ? member.leader().map(MemberId::node) : Optional.ofNullable(leader);
  }

  /** Asks the leader for something that changes nothing. */
  public CompletableFuture<byte[]> read(int type, byte[] payload, Duration most) {
    return new Attempts(type, payload, false, most).begin();
  }

  /** Asks the leader for a change. */
  public CompletableFuture<byte[]> write(int type, byte[] payload, Duration most) {
    return new Attempts(type, payload, true, most).begin();
  }

  /** Asks this node if it is a member, else one that can be reached. Answers may be old. */
  public CompletableFuture<byte[]> stale(byte[] query, Duration most) {
    if (life.isMember()) {
      return local(Calls.STALE, query);
    }
    return new Attempts(Calls.STALE, query, false, most).begin();
  }

  /** What this node answers itself. */
  public CompletableFuture<byte[]> local(int type, byte[] payload) {
    try {
      return service.answer(type, payload).toCompletableFuture();
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  public CompletableFuture<byte[]> call(String node, int type, byte[] payload, Duration most) {
    return node.equals(contacts.self()) ? local(type, payload) : lines.call(node, Traffic.CALLS, type, payload, most);
  }

  /** Something changed; perhaps the leader. */
  public void changed() {
    RaftMember member = life.member();
    String now = member == null ? "" : member.leader().map(MemberId::node).orElse("");
    if (!now.isEmpty() && !now.equals(followed)) {
      followed = now;
      timers.after(LAST_WORD, executor, () -> leads(now));
    }
  }

  private void leads(String node) {
    unanswered.forEach(attempts -> attempts.giveUp(node));
  }

  /** A node that was asked. */
  private static final class Asked {
    private final String node;

    Asked(String node) {
      this.node = node;
    }
  }

  /** One question, until it is answered or its time is over. */
  private final class Attempts {
    private final int type;
    private final byte[] payload;
    private final boolean write;
    private final long deadline;
    private final CompletableFuture<byte[]> result = new CompletableFuture<>();
    /** The question that counts; null if none is under way. Each is a new object. */
    private final AtomicReference<@Nullable Asked> asked = new AtomicReference<>();
    private int hops;
    private String problem = "nobody was reached";

    Attempts(int type, byte[] payload, boolean write, Duration most) {
      this.type = type;
      this.payload = payload;
      this.write = write;
      this.deadline = clock.nanos() + most.toNanos();
    }

    CompletableFuture<byte[]> begin() {
      unanswered.add(this);
      result.whenComplete((answer, failure) -> unanswered.remove(this));
      scoutLater();
      attempt(target());
      return result;
    }

    private void attempt(@Nullable String node) {
      Duration left = Duration.ofNanos(deadline - clock.nanos());
      if (left.isNegative() || left.isZero()) {
        boolean own = contacts.configured().contains(contacts.self()) || life.isMember();
        result.completeExceptionally(new CallFailed(Kind.UNAVAILABLE, own ? "this node " + life.state() : problem));
        return;
      }
      if (node == null) {
        problem = life.state();
        again();
        return;
      }
      Duration most = write || left.compareTo(READ_MAX) < 0 ? left : READ_MAX;
      Asked now = new Asked(node);
      asked.set(now);
      call(node, type, payload, most).whenComplete((answer, failure) -> {
        if (failure == null) {
          answered(node);
          result.complete(answer);
        } else if (asked.compareAndSet(now, null)) {
          failed(node, Causes.of(failure));
        }
      });
    }

    /** Another leads than was asked. */
    private void giveUp(String leads) {
      Asked now = asked.get();
      boolean leaderOnly = type == Calls.SUBMIT || type == Calls.READ;
      if (leaderOnly && now != null && !now.node.equals(leads) && asked.compareAndSet(now, null)) {
        failed(now.node, new CallFailed(write ? Kind.INDETERMINATE : Kind.UNAVAILABLE, now.node + " does not lead any more"));
      }
    }

    /** This node itself may owe the answer, as a leader that nobody hears; what was sent to others has ended by now. */
    private void expire() {
      Asked now = asked.get();
      if (now != null && clock.nanos() - deadline > EXPIRED_AFTER.toNanos() && asked.compareAndSet(now, null)) {
        failed(now.node, new CallFailed(write ? Kind.INDETERMINATE : Kind.UNAVAILABLE, "no answer from " + now.node + " in time"));
      }
    }

    private void failed(String node, Throwable cause) {
      CallFailed why = cause instanceof CallFailed f ? f
          : new CallFailed(Kind.INDETERMINATE, node + ": " + cause, cause);
      if (why.kind() == Kind.REFUSED || write && !why.isHarmless()) {
        result.completeExceptionally(why);
        return;
      }
      if (why.kind() == Kind.NOT_LEADER) {
        answeredNanos = clock.nanos();
        problem = life.isMember() ? life.state() : "no leader is known to " + node;
        String next = String.valueOf(why.getMessage());
        forget(node);
        if (!next.isEmpty() && !next.equals(node) && hops++ < HOPS_MAX) {
          attempt(next);
          return;
        }
      } else {
        problem = String.valueOf(why.getMessage());
        forget(node);
      }
      again();
    }

    private void again() {
      hops = 0;
      long jitter = ThreadLocalRandom.current().nextLong(AGAIN.toNanos());
      timers.after(AGAIN.plusNanos(jitter), executor, () -> attempt(target()));
    }
  }

  private void answered(String node) {
    answeredNanos = clock.nanos();
    leader = node;
  }

  private void forget(String node) {
    if (node.equals(leader)) {
      leader = null;
    }
  }

  /** The leader; if nobody is known to lead, one after another, for somebody may know. Null: wait. */
  private @Nullable String target() {
    RaftMember member = life.member();
    if (member != null && member.members().contains(member.self())) {
      return member.leader().map(MemberId::node).orElse(null); // it hears of a leader sooner than anybody else would tell
    }
    String known = leader;
    if (known != null) {
      return known;
    }
    List<String> others = contacts.all().stream().filter(n -> !n.equals(contacts.self())).toList();
    return others.isEmpty() ? null : others.get(Math.floorMod(turns.getAndIncrement(), others.size()));
  }

  private void scoutLater() {
    if (scouting.compareAndSet(false, true)) {
      answeredNanos = clock.nanos();
      timers.after(SCOUT_AFTER, executor, this::scout);
    }
  }

  private void scout() {
    unanswered.forEach(Attempts::expire);
    if (unanswered.isEmpty()) {
      scouting.set(false);
      if (!unanswered.isEmpty()) { // it came in between
        scoutLater();
      }
      return;
    }
    if (clock.nanos() - answeredNanos < SCOUT_AFTER.toNanos() || life.isMember()) {
      timers.after(SCOUT_AFTER, executor, this::scout);
      return;
    }
    contacts.greet(SCOUT_MAX).whenComplete((greetings, failure) -> {
      if (failure == null) {
        Greeting.leader(greetings).ifPresent(found -> {
          leader = found.getKey();
          leads(found.getKey());
        });
      }
      timers.after(SCOUT_AFTER, executor, this::scout);
    });
  }
}
