package io.weft.coordination.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.coordination.Job;
import io.weft.coordination.JobRecord;
import io.weft.coordination.JobRecord.Outcome;
import io.weft.coordination.JobRun;
import io.weft.coordination.JobScope;
import io.weft.coordination.JobSpec;
import io.weft.coordination.JobSpec.WhenRemoved;
import io.weft.coordination.Misfire;
import io.weft.coordination.Schedule;
import io.weft.testkit.Await;
import io.weft.testkit.ManualTime;
import io.weft.testkit.dcs.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JobsTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final ManualTime time = new ManualTime();
  private final MemoryStore store = new MemoryStore(time, time);
  private final TestNode a = new TestNode("a", store, time);
  private final TestNode b = new TestNode("b", store, time);

  @AfterEach
  void close() {
    a.jobs.close();
    b.jobs.close();
  }

  @Test
  void eachPeriodRunsOnceInTheFabric() {
    Recorded onA = new Recorded(hourly(Misfire.LATEST));
    Recorded onB = new Recorded(hourly(Misfire.LATEST));
    a.jobs.addJob(onA);
    b.jobs.addJob(onB);
    for (int hour = 1; hour <= 5; hour++) {
      int expected = hour;
      time.advance(Duration.ofHours(1));
      awaitRun("run " + hour, () -> onA.periods.size() + onB.periods.size() == expected);
      awaitIdle();
    }
    assertThat(onA.periods).hasSize(5).doesNotHaveDuplicates();
    assertThat(onB.periods).isEmpty();
    List<JobRecord> history = b.jobs.history("hourly").toCompletableFuture().join();
    assertThat(history).hasSize(5).allMatch(r -> r.outcome() == Outcome.DONE && r.node().equals("a"));
    assertThat(history.get(0).period()).isAfter(history.get(4).period());
  }

  @Test
  void whenTheHolderDiesTheOtherGoesOn() {
    Recorded onA = new Recorded(hourly(Misfire.LATEST));
    Recorded onB = new Recorded(hourly(Misfire.LATEST));
    a.jobs.addJob(onA);
    b.jobs.addJob(onB);
    time.advance(Duration.ofHours(1));
    awaitRun("the first run", () -> onA.periods.size() == 1);
    awaitIdle();
    a.kill();
    time.advance(Duration.ofMinutes(5));
    assertThat(onB.periods).as("nothing is due").isEmpty();
    time.advance(Duration.ofHours(1));
    awaitRun("the next run", () -> onB.periods.size() == 1);
    assertThat(onB.tokens.get(0)).isGreaterThan(onA.tokens.get(0));
    assertThat(onB.periods.get(0)).isAfter(onA.periods.get(0));
  }

  @Test
  void aRunThatDiedWithItsNodeIsMadeUpForOnce() {
    Recorded stuck = new Recorded(hourly(Misfire.LATEST));
    stuck.hold();
    Recorded onB = new Recorded(hourly(Misfire.LATEST));
    a.jobs.addJob(stuck);
    b.jobs.addJob(onB);
    time.advance(Duration.ofHours(1));
    awaitRun("the run", () -> stuck.periods.size() == 1);
    a.kill();
    time.advance(Duration.ofMinutes(2));
    awaitRun("the run that makes up for it", () -> onB.periods.size() == 1);
    assertThat(onB.periods).isEqualTo(stuck.periods);
    awaitRun("the old run to be cancelled", () -> stuck.interrupted.get() == 1);
    time.advance(Duration.ofMinutes(2));
    assertThat(onB.periods).hasSize(1);
  }

  @Test
  void missedPeriodsAreMadeUpForInOrder() {
    Recorded job = new Recorded(hourly(Misfire.ALL));
    a.jobs.addJob(job);
    time.advance(Duration.ofHours(1));
    awaitRun("the first run", () -> job.periods.size() == 1);
    awaitIdle();
    a.jobs.removeJob(job);
    time.advance(Duration.ofHours(3).plusMinutes(10));
    a.jobs.addJob(job);
    awaitRun("all that was missed", () -> {
      time.advance(Duration.ofSeconds(1));
      return job.periods.size() == 4;
    });
    assertThat(job.periods).isSorted().doesNotHaveDuplicates();
  }

  /** When a job is due is the wall clock's to say; who may run it is not. */
  @Test
  void aJumpOfTheWallClockMovesNoLeaseAndRunsNoPeriodTwice() {
    Recorded onA = new Recorded(hourly(Misfire.LATEST));
    Recorded onB = new Recorded(hourly(Misfire.LATEST));
    a.jobs.addJob(onA);
    b.jobs.addJob(onB);
    time.advance(Duration.ofHours(1));
    awaitRun("the first run", () -> onA.periods.size() == 1);
    awaitIdle();

    time.jump(Duration.ofHours(-1));
    time.advance(Duration.ofMinutes(55));
    assertThat(onA.periods).as("that period has run, and the next is more than an hour away").hasSize(1);
    time.jump(Duration.ofHours(2));
    awaitRun("a run of a later period", () -> {
      time.advance(Duration.ofSeconds(10));
      return onA.periods.size() == 2;
    });
    awaitIdle();
    assertThat(onA.periods).isSorted().doesNotHaveDuplicates();
    assertThat(onA.tokens).as("one lease all the time").containsOnly(onA.tokens.get(0));
    assertThat(onB.periods).isEmpty();
  }

  @Test
  void aPausedJobWaitsAndCanBeRunByHand() {
    Recorded job = new Recorded(hourly(Misfire.SKIP));
    a.jobs.addJob(job);
    b.jobs.addJob(new Recorded(hourly(Misfire.SKIP)));
    b.jobs.pause("hourly").toCompletableFuture().join();
    time.advance(Duration.ofHours(3).plusMinutes(10));
    assertThat(job.periods).isEmpty();
    assertThat(a.jobs.show("hourly").orElseThrow().paused()).isTrue();
    assertThat(a.jobs.why("hourly").toCompletableFuture().join().get(0)).contains("paused").contains("job:resume hourly");
    b.jobs.run("hourly").toCompletableFuture().join();
    awaitRun("the run by hand", () -> job.periods.size() == 1);
    awaitIdle();
    b.jobs.resume("hourly").toCompletableFuture().join();
    time.advance(Duration.ofMinutes(50)); // and not further: to a thread that runs a job, minutes of this clock are a long pause
    awaitRun("the run by schedule", () -> job.periods.size() == 2);
    assertThat(b.jobs.why("hourly").toCompletableFuture().join().get(0)).startsWith("a holds its lease");
  }

  @Test
  void aRunThatTakesTooLongIsCancelled() {
    Recorded job = new Recorded(hourly(Misfire.LATEST));
    job.hold();
    a.jobs.addJob(job);
    time.advance(Duration.ofHours(1));
    awaitRun("the run", () -> job.periods.size() == 1);
    time.advance(Duration.ofMinutes(11));
    awaitRun("the record", () -> lastOutcome() == Outcome.TIMED_OUT);
    assertThat(job.activeAtEnd).containsExactly(false);
  }

  @Test
  void whatThrowsIsAFailureAndNotTriedAgain() {
    Recorded job = new Recorded(hourly(Misfire.LATEST));
    job.failure = new IllegalStateException("no\nluck");
    a.jobs.addJob(job);
    time.advance(Duration.ofHours(1));
    awaitRun("the record", () -> lastOutcome() == Outcome.FAILED);
    JobRecord record = a.jobs.history("hourly").toCompletableFuture().join().get(0);
    assertThat(record.message()).isEqualTo("IllegalStateException: no luck");
    awaitRun("it to be the reason", () -> a.jobs.why("hourly").toCompletableFuture().join()
        .contains("the last run here said: IllegalStateException: no luck"));
    time.advance(Duration.ofMinutes(30));
    assertThat(job.periods).hasSize(1);
  }

  @Test
  void aRemovedJobFinishesOrIsCancelledAsItSays() throws Exception {
    Recorded finishing = new Recorded(spec("finishing", WhenRemoved.FINISH, JobScope.fabric()));
    Recorded cancelled = new Recorded(spec("cancelled", WhenRemoved.CANCEL, JobScope.fabric()));
    finishing.hold();
    cancelled.hold();
    a.jobs.addJob(finishing);
    a.jobs.addJob(cancelled);
    time.advance(Duration.ofHours(1));
    awaitRun("both to run", () -> finishing.periods.size() + cancelled.periods.size() == 2);
    a.jobs.removeJob(cancelled);
    assertThat(cancelled.interrupted.get()).isEqualTo(1);
    Thread removing = new Thread(() -> a.jobs.removeJob(finishing));
    removing.start();
    finishing.release.countDown();
    removing.join();
    assertThat(finishing.interrupted.get()).isZero();
    assertThat(a.jobs.list()).isEmpty();
  }

  @Test
  void shardsAndEveryNode() {
    Recorded sharded = new Recorded(spec("sharded", WhenRemoved.FINISH, JobScope.shards(3)));
    Recorded onA = new Recorded(spec("everywhere", WhenRemoved.FINISH, JobScope.everyNode()));
    Recorded onB = new Recorded(spec("everywhere", WhenRemoved.FINISH, JobScope.everyNode()));
    a.jobs.addJob(sharded);
    a.jobs.addJob(onA);
    b.jobs.addJob(onB);
    time.advance(Duration.ofHours(1));
    awaitRun("all to run", () -> sharded.shards.size() == 3 && onA.periods.size() == 1 && onB.periods.size() == 1);
    assertThat(sharded.shards).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(onA.tokens).containsExactly(0L);
  }

  private Outcome lastOutcome() {
    List<JobRecord> history = a.jobs.history("hourly").toCompletableFuture().join();
    return history.isEmpty() ? Outcome.RUNNING : history.get(0).outcome();
  }

  /** Also moves time a little: what a thread of a job plans while the test moves the clock may come half a minute late. */
  private void awaitRun(String what, Callable<Boolean> condition) {
    AtomicInteger polls = new AtomicInteger();
    Await.until(what, SOON, () -> {
      int poll = polls.incrementAndGet();
      if (!condition.call() && poll % 100 == 0 && poll <= 1_500) {
        time.advance(Duration.ofSeconds(31));
      }
      return condition.call();
    });
  }

  /** Nothing runs, and what followed from the end of a run, which is done on its thread, is done. */
  private void awaitIdle() {
    Await.until("nothing to run", SOON, () -> a.jobs.list().stream().allMatch(j -> j.running().isEmpty())
        && b.jobs.list().stream().allMatch(j -> j.running().isEmpty())
        && Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().startsWith("weft-coordination-job-")));
  }

  private static JobSpec hourly(Misfire misfire) {
    return new JobSpec("hourly", Schedule.every(Duration.ofHours(1)), Duration.ZERO, JobScope.fabric(), misfire,
        Duration.ofMinutes(10),
        WhenRemoved.CANCEL);
  }

  private static JobSpec spec(String name, WhenRemoved whenRemoved, JobScope scope) {
    return new JobSpec(name, Schedule.every(Duration.ofHours(1)), Duration.ZERO, scope, Misfire.LATEST, Duration.ofMinutes(10),
        whenRemoved);
  }

  /** Notes its runs. */
  private static final class Recorded implements Job {
    final List<Instant> periods = new CopyOnWriteArrayList<>();
    final List<Long> tokens = new CopyOnWriteArrayList<>();
    final List<Integer> shards = new CopyOnWriteArrayList<>();
    final List<Boolean> activeAtEnd = new CopyOnWriteArrayList<>();
    final AtomicInteger interrupted = new AtomicInteger();
    CountDownLatch release = new CountDownLatch(0);
    volatile Exception failure;
    private final JobSpec spec;

    Recorded(JobSpec spec) {
      this.spec = spec;
    }

    void hold() {
      release = new CountDownLatch(1);
    }

    @Override
    public JobSpec spec() {
      return spec;
    }

    @Override
    public void run(JobRun run) throws Exception {
      tokens.add(run.token());
      shards.add(run.shard());
      periods.add(run.period());
      if (failure != null) {
        throw failure;
      }
      try {
        release.await();
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
        throw e;
      } finally {
        activeAtEnd.add(run.isActive());
      }
    }
  }
}
