package io.weft.coordination.engine;

import io.weft.coordination.Job;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobRecord.Outcome;
import io.weft.node.Registration;
import io.weft.support.SerialLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a job of every node: no lease, no history beyond this process, so nothing is made up for. */
final class NodeRunner implements Runner {

  private static final Logger log = LoggerFactory.getLogger(NodeRunner.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
  private static final int QUEUE_MAX = 1_000;

  private final Job job;
  private final Periods periods;
  private final JobBoard board;
  private final Parts parts;
  private final SerialLoop loop;
  // These belong to the loop.
  private @Nullable LiveRun run;
  private boolean removed;
  private Registration timer = () -> {};
  // For those who ask.
  private volatile @Nullable Instant next;
  private volatile @Nullable LiveRun shown;
  private volatile @Nullable JobRecord last;

  NodeRunner(Job job, Periods periods, JobBoard board, Parts parts) {
    this.job = job;
    this.periods = periods;
    this.board = board;
    this.parts = parts;
    this.loop = new SerialLoop("job-" + job.spec().name(), parts.executor(), QUEUE_MAX);
  }

  @Override
  public void start() {
    loop.execute(() -> plan(parts.clock().now()));
  }

  @Override
  public void poke() {}

  /** Runs once now, besides its schedule. */
  void runNow() {
    loop.execute(() -> launch(parts.clock().now()));
  }

  private void plan(Instant after) {
    long jitter = job.spec().jitter().toMillis();
    Instant due = periods.next(after);
    next = due;
    Duration drawn = Duration.ofMillis(jitter == 0 ? 0 : ThreadLocalRandom.current().nextLong(jitter + 1));
    await(due, due.plus(drawn));
  }

  private void await(Instant due, Instant start) {
    Instant now = parts.clock().now();
    if (removed) {
      return;
    }
    if (start.isAfter(now)) {
      Duration wait = Duration.between(now, start);
      timer = parts.timers().after(wait.compareTo(LOOK_AGAIN) > 0 ? LOOK_AGAIN : wait, loop, () -> await(due, start));
      return;
    }
    if (!board.isPaused()) {
      launch(due);
    }
    plan(now.isAfter(due) ? now : due);
  }

  private void launch(Instant period) {
    if (run != null || removed) {
      return; // never two at once; this period is left out
    }
    LiveRun live = new LiveRun(job, parts.node(), period, 0, null, parts.clock());
    run = live;
    shown = live;
    Registration limit = live.limit(parts);
    live.ended().thenAccept(record -> loop.execute(() -> {
      limit.close();
      log.debug("job done job={} period={} outcome={}", job.spec().name(), period, record.outcome());
      last = record;
      run = null;
      shown = null;
    }));
    live.start();
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
  }

  @Override
  public State state() {
    LiveRun live = shown;
    return new State(0, true, next, Optional.ofNullable(live).map(LiveRun::record), Optional.ofNullable(last));
  }

  @Override
  public Optional<LiveRun> live() {
    return Optional.ofNullable(shown);
  }
}
