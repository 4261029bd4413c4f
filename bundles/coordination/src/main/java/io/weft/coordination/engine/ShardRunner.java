package io.weft.coordination.engine;

import io.weft.coordination.Job;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobRecord.Outcome;
import io.weft.coordination.JobSpec;
import io.weft.dcs.Dcs;
import io.weft.dcs.Entry;
import io.weft.dcs.Expect;
import io.weft.dcs.WriteResult;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.SerialLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one shard of a job while this node holds its lease. A period is begun by compare-and-set on the cursor, so never twice by
 * two.
 */
final class ShardRunner implements Runner {

  private static final Logger log = LoggerFactory.getLogger(ShardRunner.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30); // the wall clock may jump
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int QUEUE_MAX = 1_000;

  private final Job job;
  private final JobSpec spec;
  private final int shard;
  private final Periods periods;
  private final JobBoard board;
  private final JobHistory history;
  private final Parts parts;
  private final SerialLoop loop;
  private final Contender contender;
  // These belong to the loop.
  private @Nullable HeldLease lease;
  private @Nullable LiveRun run;
  private boolean deciding;
  private boolean again;
  private boolean removed;
  private Registration timer = () -> {};
  // For those who ask.
  private volatile @Nullable JobRecord last;
  private volatile @Nullable Instant next;
  private volatile @Nullable LiveRun shown;
  private volatile boolean holds;

  ShardRunner(Job job, int shard, Periods periods, JobBoard board, JobHistory history, Parts parts) {
    this.job = job;
    this.spec = job.spec();
    this.shard = shard;
    this.periods = periods;
    this.board = board;
    this.history = history;
    this.parts = parts;
    this.loop = new SerialLoop("job-" + spec.name(), parts.executor(), QUEUE_MAX);
    this.contender = new Contender(JobKeys.LEASES + spec.name() + "/" + shard, parts.ttl(), parts, new Contender.Listener() {
      @Override
      public void gained(HeldLease gained) {
        loop.execute(() -> ShardRunner.this.gained(gained));
      }

      @Override
      public void lost(HeldLease lost, Reason reason) {
        loop.execute(() -> ShardRunner.this.lost(lost, reason));
      }
    });
  }

  @Override
  public void start() {
    contender.start();
  }

  @Override
  public void poke() {
    loop.execute(this::decide);
  }

  private void gained(HeldLease gained) {
    lease = gained;
    holds = true;
    decide();
  }

  private void lost(HeldLease lost, Reason reason) {
    if (lease == lost) {
      lease = null;
      holds = false;
      next = null;
      timer.close();
      if (run != null) {
        run.cancel(Outcome.CANCELLED, "the lease was lost: " + reason.code());
      }
    }
  }

  /** What to do now. Does nothing if it is not ours to do, or if something is being done. */
  private void decide() {
    HeldLease held = lease;
    Dcs dcs = parts.dcs().get();
    if (deciding) {
      again = true;
      return;
    }
    timer.close();
    if (held == null || !held.isHeld() || run != null || removed || dcs == null || !board.isKnown()) {
      return;
    }
    Optional<Entry> wanted = board.wanted(shard);
    if (wanted.isPresent()) {
      runWanted(dcs, held, wanted.get());
      return;
    }
    if (board.isPaused()) {
      next = null;
      return;
    }
    deciding = true;
    dcs.get(JobKeys.cursor(spec.name(), shard), CurrentDcs.freshest(dcs)).whenComplete((entry, failure) -> loop.execute(() -> {
      decided();
      if (failure != null) {
        later("cursor not read", failure.toString());
      } else if (lease == held && run == null) {
        decideFrom(dcs, held, entry);
      }
    }));
  }

  /** What was asked for meanwhile comes after what is being done. */
  private void decided() {
    deciding = false;
    if (again) {
      again = false;
      loop.execute(this::decide);
    }
  }

  private void decideFrom(Dcs dcs, HeldLease held, Optional<Entry> entry) {
    Instant now = parts.clock().now();
    Cursor cursor = entry.flatMap(e -> Cursor.read(e.text())).orElse(null);
    if (cursor == null) {
      Expect expect = entry.map(e -> Expect.revision(e.revision())).orElse(Expect.absent());
      move(dcs, new Cursor(now, held.token(), false), expect, revision -> decide());
      return;
    }
    Due due = Due.of(periods, cursor, now, spec.misfire(), held.token());
    Expect unchanged = Expect.revision(entry.orElseThrow().revision());
    if (due.now() != null) {
      Instant period = due.now();
      Duration late = Duration.between(period, now);
      Duration wait = jitter();
      if (late.compareTo(spec.jitter()) < 0 && wait.compareTo(late) > 0) {
        next = period;
        timer.close();
        timer = parts.timers().after(wait.minus(late), loop, () -> begin(dcs, held, period, unchanged));
      } else {
        begin(dcs, held, period, unchanged);
      }
    } else if (due.skipTo() != null) {
      log.info("job periods left out job={} shard={} up_to={}", spec.name(), shard, due.skipTo());
      move(dcs, new Cursor(due.skipTo(), held.token(), false), unchanged, revision -> decide());
    } else {
      next = due.next();
      waitFor(Duration.between(now, due.next()));
    }
  }

  private void begin(Dcs dcs, HeldLease held, Instant period, Expect unchanged) {
    if (lease == held && held.isHeld() && run == null && !deciding && !removed && !board.isPaused()) {
      move(dcs, new Cursor(period, held.token(), true), unchanged,
          revision -> launch(dcs, held, period, () -> move(dcs, new Cursor(period, held.token(), false),
              Expect.revision(revision), r -> decide())));
    }
  }

  private void runWanted(Dcs dcs, HeldLease held, Entry wanted) {
    deciding = true;
    dcs.delete(wanted.key(), Expect.revision(wanted.revision())).whenComplete((outcome, failure) -> loop.execute(() -> {
      decided();
      if (failure == null && outcome.isDone() && lease == held && run == null && !removed) {
        launch(dcs, held, parts.clock().now(), this::decide);
      } else {
        later("wanted run not taken", String.valueOf(failure == null ? outcome : failure));
      }
    }));
  }

  private interface Moved {
    void to(long revision);
  }

  private void move(Dcs dcs, Cursor cursor, Expect expect, Moved then) {
    deciding = true;
    byte[] value = cursor.json().getBytes(StandardCharsets.UTF_8);
    dcs.put(JobKeys.cursor(spec.name(), shard), value, expect, null).whenComplete((outcome, failure) -> loop.execute(() -> {
      decided();
      if (outcome instanceof WriteResult.Done done) {
        then.to(done.revision());
      } else {
        later("cursor not moved", String.valueOf(failure == null ? outcome : failure));
      }
    }));
  }

  private void launch(Dcs dcs, HeldLease held, Instant period, Runnable done) {
    if (removed || lease != held) {
      return;
    }
    LiveRun live = new LiveRun(job, parts.node(), period, shard, held, parts.clock());
    run = live;
    shown = live;
    next = null;
    log.info("job run job={} shard={} period={} token={}", spec.name(), shard, period, held.token());
    Registration limit = live.limit(parts);
    history.began(dcs, live);
    live.ended().thenAccept(record -> loop.execute(() -> {
      limit.close();
      log.info("job done job={} shard={} period={} outcome={}", spec.name(), shard, period, record.outcome());
      last = record;
      shown = null;
      run = null;
      history.ended(dcs, record);
      done.run();
    }));
    live.start();
  }

  private void later(String what, String problem) {
    log.debug("job waits job={} shard={} because=\"{}\" problem=\"{}\"", spec.name(), shard, what, problem);
    waitFor(RETRY);
  }

  private void waitFor(Duration wait) {
    timer.close();
    if (!removed && lease != null) {
      timer = parts.timers().after(wait.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : wait, loop, this::decide);
    }
  }

  private Duration jitter() {
    long most = spec.jitter().toMillis();
    return most == 0 ? Duration.ZERO : Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
  }

  @Override
  public void stopScheduling() {
    loop.execute(() -> {
      removed = true;
      timer.close();
    });
  }

  @Override
  public void end() {
    loop.execute(() -> {
      removed = true;
      timer.close();
      if (run != null) {
        run.cancel(Outcome.CANCELLED, "the job was removed");
      }
    });
    contender.close();
  }

  @Override
  public State state() {
    LiveRun live = shown;
    return new State(shard, holds, next, Optional.ofNullable(live).map(LiveRun::record), Optional.ofNullable(last));
  }

  @Override
  public Optional<LiveRun> live() {
    return Optional.ofNullable(shown);
  }
}
