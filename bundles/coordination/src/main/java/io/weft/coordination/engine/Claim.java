package io.weft.coordination.engine;

import io.weft.coordination.Seat;
import io.weft.coordination.SeatInfo;
import io.weft.dcs.Change;
import io.weft.dcs.Dcs;
import io.weft.dcs.Expect;
import io.weft.dcs.Session;
import io.weft.dcs.Snapshot;
import io.weft.dcs.Watcher;
import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import io.weft.support.SerialLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One wish for a number. Its own old one first, then those that nobody had, then those that others had. */
final class Claim implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Claim.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_MOST = Duration.ofSeconds(3);
  private static final int QUEUE_MAX = 1_000;

  private final String group;
  private final String instance;
  private final int size;
  private final Parts parts;
  private final SerialLoop loop;
  private final CompletableFuture<Seat> result = new CompletableFuture<>();
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  // These belong to the loop.
  private @Nullable Session session;
  private @Nullable Registration watch;
  private boolean trying;
  private Registration timer = () -> {};
  private Registration changes = () -> {};

  Claim(String group, String instance, int size, Parts parts) {
    this.group = group;
    this.instance = instance;
    this.size = size;
    this.parts = parts;
    this.loop = new SerialLoop("claim-" + group, parts.executor(), QUEUE_MAX);
  }

  CompletableFuture<Seat> result() {
    return result;
  }

  void start() {
    result.whenComplete((seat, failure) -> loop.execute(() -> finish(seat)));
    loop.execute(() -> {
      changes = parts.dcs().onChange(() -> loop.execute(this::attempt));
      attempt();
    });
  }

  /** Gives up, and gives back. */
  @Override
  public void close() {
    result.cancel(false);
    loop.execute(() -> {
      if (session != null) {
        session.close();
      }
    });
  }

  private void finish(@Nullable Seat seat) {
    timer.close();
    changes.close();
    if (watch != null) {
      watch.close();
    }
    if (seat == null && session != null) {
      session.close();
    }
  }

  private void attempt() {
    Dcs dcs = parts.dcs().get();
    if (result.isDone() || trying || dcs == null) {
      return;
    }
    trying = true;
    Session with = session;
    if (with == null || !with.isAlive()) {
      dcs.open("seat " + group + " of " + instance, dcs.capabilities().clampTtl(parts.ttl()))
          .whenComplete((opened, failure) -> loop.execute(() -> {
            if (failure != null) {
              again(failure.toString());
            } else {
              session = opened;
              look(dcs, opened);
            }
          }));
    } else {
      look(dcs, with);
    }
  }

  private void look(Dcs dcs, Session with) {
    dcs.list(ClaimedSeats.prefix(group), CurrentDcs.freshest(dcs)).whenComplete((snapshot, failure) -> loop.execute(() -> {
      if (failure != null) {
        again(failure.toString());
      } else {
        take(dcs, with, candidates(snapshot));
      }
    }));
  }

  /** In the order to try; none if our own number is still held under our name, because then we only have to wait. */
  private Deque<Integer> candidates(Snapshot snapshot) {
    Map<Integer, SeatInfo> seats = ClaimedSeats.seats(group, snapshot);
    List<Integer> own = new ArrayList<>();
    List<Integer> fresh = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      SeatInfo seat = seats.get(i);
      if (seat == null) {
        fresh.add(i);
      } else if (seat.held() && seat.instance().equals(instance)) {
        return new ArrayDeque<>();
      } else if (!seat.held()) {
        (seat.instance().equals(instance) ? own : others).add(i);
      }
    }
    Deque<Integer> all = new ArrayDeque<>(own);
    all.addAll(fresh);
    all.addAll(others);
    return all;
  }

  private void take(Dcs dcs, Session with, Deque<Integer> candidates) {
    Integer ordinal = candidates.poll();
    if (ordinal == null || result.isDone()) {
      await(dcs);
      return;
    }
    byte[] value = instance.getBytes(StandardCharsets.UTF_8);
    String key = ClaimedSeats.held(group, ordinal);
    dcs.put(key, value, Expect.absent(), with).whenComplete((outcome, failure) -> loop.execute(() -> {
      if (outcome instanceof WriteResult.Done done) {
        dcs.put(ClaimedSeats.last(group, ordinal), value, Expect.any(),
            null); // memory only: if it fails, another number comes next time
        won(dcs, with, ordinal, done.revision());
      } else if (outcome instanceof WriteResult.Conflict) {
        take(dcs, with, candidates);
      } else { // perhaps it is ours and we do not know: another session, and the old one's keys go with it
        with.close();
        session = null;
        again(failure == null ? String.valueOf(outcome) : failure.toString());
      }
    }));
  }

  private void won(Dcs dcs, Session with, int ordinal, long token) {
    HeldSeat seat = new HeldSeat(group, instance, ordinal, token, with, dcs);
    if (result.complete(seat)) {
      log.info("seat taken group={} ordinal={} instance={} token={}", group, ordinal, instance, token);
    } else {
      with.close();
    }
  }

  private void await(Dcs dcs) {
    trying = false;
    if (watch == null && !result.isDone()) {
      watch = dcs.watch(ClaimedSeats.prefix(group) + "held/", 0, new Watcher() {
        @Override
        public void reset(Snapshot snapshot) {
          loop.execute(Claim.this::attempt);
        }

        @Override
        public void changed(List<Change> news) {
          if (news.stream().anyMatch(Change.Deleted.class::isInstance)) {
            loop.execute(Claim.this::attempt);
          }
        }
      });
    }
    timer.close();
    timer = parts.timers().after(RETRY_MOST, loop, this::attempt);
  }

  private void again(String problem) {
    log.debug("seat not claimed group={} problem=\"{}\"", group, problem);
    trying = false;
    timer.close();
    if (!result.isDone()) {
      timer = parts.timers().after(backoff.next(), loop, this::attempt);
    }
  }
}
