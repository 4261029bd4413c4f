package io.weft.coordination.engine;

import io.weft.coordination.Job;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobRecord.Outcome;
import io.weft.coordination.JobRun;
import io.weft.coordination.Lease;
import io.weft.node.Clock;
import io.weft.node.Registration;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run, on a thread of its own. */
final class LiveRun implements JobRun {

  private static final Logger log = LoggerFactory.getLogger(LiveRun.class);

  private final Job job;
  private final String name;
  private final String node;
  private final Instant period;
  private final int shard;
  private final @Nullable Lease lease;
  private final Clock clock;
  private final long endNanos;
  private final Instant started;
  private final CompletableFuture<JobRecord> ended = new CompletableFuture<>();
  private final Thread thread;
  // Guards the interrupt against the end of the run, and the outcome.
  private final Object lock = new Object();
  private @Nullable Outcome cancelled;
  private String cancelReason = "";
  private boolean over;
  private volatile String message = "";

  /** @param lease null for a job of every node */
  LiveRun(Job job, String node, Instant period, int shard, @Nullable Lease lease, Clock clock) {
    this.job = job;
    this.name = job.spec().name();
    this.node = node;
    this.period = period;
    this.shard = shard;
    this.lease = lease;
    this.clock = clock;
    this.endNanos = clock.nanos() + job.spec().timeLimit().toNanos();
    this.started = clock.now();
    this.thread = new Thread(this::work, "weft-coordination-job-" + name);
    thread.setDaemon(true);
  }

  void start() {
    thread.setContextClassLoader(job.getClass().getClassLoader());
    thread.start();
  }

  /** How it ended; always completes normally. */
  CompletionStage<JobRecord> ended() {
    return ended.minimalCompletionStage();
  }

  Registration limit(Parts parts) {
    return parts.timers().after(job.spec().timeLimit(), parts.executor(), () -> cancel(Outcome.TIMED_OUT,
        "it took longer than its limit"));
  }

  void cancel(Outcome outcome, String reason) {
    synchronized (lock) {
      if (!over && cancelled == null) {
        cancelled = outcome;
        cancelReason = reason;
        thread.interrupt();
      }
    }
  }

  /** As it is now. */
  JobRecord record() {
    return record(null, Outcome.RUNNING, message);
  }

  private void work() {
    Outcome outcome = Outcome.DONE;
    String last = "";
    try {
      job.run(this);
    } catch (Exception | LinkageError e) { // whatever a plugin throws is its failure, not ours
      outcome = Outcome.FAILED;
      last = e.getMessage() == null ? e.getClass().getSimpleName() : e.getClass().getSimpleName() + ": " + e.getMessage();
      log.debug("job threw job={} period={}", name, period, e);
    }
    JobRecord record;
    synchronized (lock) {
      over = true;
      if (cancelled != null && (outcome != Outcome.DONE || !stillValid())) {
        outcome = cancelled;
        last = cancelReason;
      }
      record = record(clock.now(), outcome, last.isEmpty() ? message : last);
    }
    ended.complete(record);
  }

  private JobRecord record(@Nullable Instant end, Outcome outcome, String text) {
    return new JobRecord(name, period, shard, node, token(), started, end, outcome, JobKeys.oneLine(text));
  }

  private boolean stillValid() {
    return lease == null || lease.isHeld();
  }

  @Override
  public String job() {
    return name;
  }

  @Override
  public Instant period() {
    return period;
  }

  @Override
  public int shard() {
    return shard;
  }

  @Override
  public long token() {
    return lease == null ? 0 : lease.token();
  }

  @Override
  public boolean isActive() {
    synchronized (lock) {
      return !over && cancelled == null && stillValid() && endNanos - clock.nanos() > 0;
    }
  }

  @Override
  public Duration remaining() {
    Duration limit = Duration.ofNanos(Math.max(0, endNanos - clock.nanos()));
    Duration held = lease == null ? limit : lease.remaining();
    return !isActive() ? Duration.ZERO : held.compareTo(limit) < 0 ? held : limit;
  }

  @Override
  public void progress(String text, double done) {
    message = Double.isNaN(done) ? text : Math.round(Math.max(0, Math.min(1, done)) * 100) + "% " + text;
  }
}
