package io.weft.coordination.engine;

import io.weft.coordination.Job;
import io.weft.coordination.JobInfo;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobScope;
import io.weft.coordination.JobSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job of this node with all its shards. */
final class ScheduledJob {

  private static final Logger log = LoggerFactory.getLogger(ScheduledJob.class);
  private static final Duration CANCELLED_MAX = Duration.ofSeconds(2);

  private final Job job;
  private final JobSpec spec;
  private final JobBoard board;
  private final List<Runner> runners = new ArrayList<>();

  /** @throws IllegalArgumentException if its schedule cannot be read */
  ScheduledJob(Job job, Parts parts) {
    this.job = job;
    this.spec = job.spec();
    this.board = new JobBoard(spec.name(), parts, () -> runners.forEach(Runner::poke));
    Periods periods = Periods.of(spec.schedule());
    JobHistory history = new JobHistory(parts);
    if (spec.scope() instanceof JobScope.EveryNode) {
      runners.add(new NodeRunner(job, periods, board, parts));
    } else {
      int shards = spec.scope() instanceof JobScope.Shards s ? s.count() : 1;
      for (int shard = 0; shard < shards; shard++) {
        runners.add(new ShardRunner(job, shard, periods, board, history, parts));
      }
    }
  }

  void start() {
    board.start();
    runners.forEach(Runner::start);
  }

  Job job() {
    return job;
  }

  JobSpec spec() {
    return spec;
  }

  JobBoard board() {
    return board;
  }

  List<Runner> runners() {
    return List.copyOf(runners);
  }

  JobInfo info() {
    List<Runner.State> states = runners.stream().map(Runner::state).toList();
    Instant next = states.stream().map(Runner.State::next).filter(Objects::nonNull).min(Comparator.naturalOrder()).orElse(null);
    Optional<JobRecord> running = states.stream().flatMap(s -> s.running().stream()).findFirst();
    Optional<JobRecord> last = states.stream().flatMap(s -> s.last().stream()).max(Comparator.comparing(JobRecord::started));
    boolean held = states.stream().anyMatch(Runner.State::holds);
    return new JobInfo(spec, board.isPaused(), board.isPaused() ? null : next, held, running, last);
  }

  /** Ends it as it says itself. Blocks for so long at most, because the job's classes go when this returns. */
  void remove(Duration finish) {
    runners.forEach(Runner::stopScheduling);
    if (spec.whenRemoved() == JobSpec.WhenRemoved.FINISH) {
      awaitIdle(finish);
    }
    runners.forEach(Runner::end);
    awaitIdle(CANCELLED_MAX);
    board.close();
  }

  private void awaitIdle(Duration most) {
    CompletableFuture<Void> idle = new CompletableFuture<>();
    whenIdle(idle);
    try {
      idle.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.warn("job still runs job={} after_ms={}", spec.name(), most.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private void whenIdle(CompletableFuture<Void> idle) {
    List<CompletableFuture<?>> running = new ArrayList<>();
    for (Runner runner : runners) {
      runner.live().ifPresent(run -> running.add(run.ended().toCompletableFuture()));
    }
    CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).thenRun(() -> idle.complete(null));
  }
}
