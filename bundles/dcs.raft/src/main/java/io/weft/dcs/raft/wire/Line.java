package io.weft.dcs.raft.wire;

import io.weft.channel.ByteStream;
import io.weft.channel.Fabric;
import io.weft.dcs.raft.wire.CallFailed.Kind;
import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.support.Causes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Calls of one kind of traffic to one peer. Its stream is opened by the first call, and again by the next one after it broke. */
final class Line implements AutoCloseable {

  private static final Duration OPEN_MAX = Duration.ofSeconds(5);
  private static final Duration SWEEP = Duration.ofMillis(100);
  private static final int PENDING_MAX = 10_000;

  private record Pending(CompletableFuture<byte[]> result, long deadline) {}

  /** A stream, and what waits for answers on it. */
  private static final class Attempt {
    final CompletableFuture<FrameStream> stream = new CompletableFuture<>();
    final Map<Long, Pending> pending = new HashMap<>();
    boolean over;
  }

  private final String peer;
  private final String service;
  private final Traffic traffic;
  private final Fabric fabric;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  // Guards what follows. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private @Nullable Attempt current;
  private long calls;
  private boolean sweeping;
  private boolean closed;

  Line(String peer, String service, Traffic traffic, Fabric fabric, Clock clock, Timers timers, Executor executor) {
    this.peer = peer;
    this.service = service;
    this.traffic = traffic;
    this.fabric = fabric;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /**
   * Completes with the answer or with {@link CallFailed}: calls of nodes on the executor, those of members on any thread, because there a
   * thread waits for it and nothing else follows.
   */
  CompletableFuture<byte[]> call(int type, byte[] payload, Duration most) {
    Pending pending = new Pending(new CompletableFuture<>(), clock.nanos() + most.toNanos());
    Attempt attempt;
    long call;
    boolean first;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.failedFuture(new CallFailed(Kind.NOT_SENT, "this node stops"));
      }
      first = current == null;
      if (first) {
        current = new Attempt();
      }
      attempt = current;
      if (attempt.pending.size() >= PENDING_MAX) {
        return CompletableFuture.failedFuture(new CallFailed(Kind.NOT_SENT, PENDING_MAX + " calls to " + peer + " wait already"));
      }
      call = ++calls;
      attempt.pending.put(call, pending);
    }
    if (first) {
      open(attempt);
    }
    sweepLater();
    attempt.stream.whenComplete((stream, failure) -> {
      if (failure == null && isWanted(attempt, call)) {
        stream.send(new Frame(Frame.Kind.REQUEST, call, type, payload)); // if it is over, its end fails the call
      }
    });
    return pending.result;
  }

  /** Whether nobody has said of this call yet that it was not sent. */
  private boolean isWanted(Attempt attempt, long call) {
    synchronized (lock) {
      return attempt.pending.containsKey(call);
    }
  }

  private void open(Attempt attempt) {
    fabric.open(peer, service, OPEN_MAX).whenComplete((stream, failure) -> {
      if (failure != null) {
        Throwable cause = Causes.of(failure);
        fail(attempt, new CallFailed(Kind.NOT_SENT, peer + ": " + cause.getMessage(), cause));
      } else {
        opened(attempt, stream);
      }
    });
  }

  private void opened(Attempt attempt, ByteStream stream) {
    FrameStream frames = new FrameStream(stream, traffic.frameMax(), frame -> answered(attempt, frame),
        why -> fail(attempt, new CallFailed(Kind.LOST, peer + ": " + why.getMessage(), why)));
    frames.greet(new byte[] {(byte) traffic.ordinal()}).whenComplete((done, failure) -> {
      if (failure != null) {
        frames.close();
        fail(attempt, new CallFailed(Kind.NOT_SENT, peer + ": " + failure.getMessage(), failure));
        return;
      }
      attempt.stream.complete(frames);
      frames.start();
      boolean late;
      synchronized (lock) {
        late = attempt.over;
      }
      if (late) {
        frames.close();
      }
    });
  }

  private void answered(Attempt attempt, Frame frame) {
    Pending pending;
    synchronized (lock) {
      pending = attempt.pending.remove(frame.call());
    }
    if (pending == null) {
      return; // it came too late
    }
    if (frame.kind() != Frame.Kind.ANSWER) {
      finish(pending, Failures.decode(frame));
    } else if (traffic == Traffic.CALLS) {
      executor.execute(() -> pending.result.complete(frame.payload()));
    } else {
      pending.result.complete(frame.payload());
    }
  }

  private void fail(Attempt attempt, CallFailed why) {
    List<Pending> failed;
    synchronized (lock) {
      attempt.over = true;
      if (current == attempt) {
        current = null;
      }
      failed = new ArrayList<>(attempt.pending.values());
      attempt.pending.clear();
    }
    attempt.stream.completeExceptionally(why);
    failed.forEach(p -> finish(p, why));
  }

  private void finish(Pending pending, IOException why) {
    executor.execute(() -> pending.result.completeExceptionally(why));
  }

  /** One timer for all that wait, rather than one for each. */
  private void sweepLater() {
    synchronized (lock) {
      if (sweeping || closed) {
        return;
      }
      sweeping = true;
    }
    timers.after(SWEEP, executor, this::sweep);
  }

  private void sweep() {
    List<Pending> late = new ArrayList<>();
    boolean sent;
    boolean more;
    synchronized (lock) {
      sweeping = false;
      Attempt attempt = current;
      if (attempt == null) {
        return;
      }
      long now = clock.nanos();
      attempt.pending.values().removeIf(p -> now - p.deadline >= 0 && late.add(p));
      sent = attempt.stream.isDone();
      more = !attempt.pending.isEmpty();
    }
    late.forEach(p -> finish(p, new CallFailed(sent ? Kind.LOST : Kind.NOT_SENT, "no answer from " + peer + " in time")));
    if (more) {
      sweepLater();
    }
  }

  @Override
  public void close() {
    Attempt attempt;
    synchronized (lock) {
      closed = true;
      attempt = current;
    }
    if (attempt != null) {
      attempt.stream.thenAccept(FrameStream::close);
      fail(attempt, new CallFailed(Kind.LOST, "this node stops"));
    }
  }
}
