package io.weft.testkit.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.coordination.Job;
import io.weft.testkit.Await;
import io.weft.testkit.RealTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Job} keeps to: it does nothing that its run does not allow, ends when it is told to or its time is over, leaves
 * nothing running behind, and can be told apart by its period. Extend it, and say what can be seen of its work.
 */
public abstract class JobContract {

  private static final Instant PERIOD = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SOON = Duration.ofSeconds(60);

  private final RealTime time = new RealTime();

  /** The job under test; the same for one test. */
  protected abstract Job job() throws Exception;

  /**
   * What it did so far where others see it, as text, in order; the period of the run is in each, so that what is done twice can be
   * told from what is done again.
   */
  protected abstract List<String> effects() throws Exception;

  /** From now on what the job waits for never answers, and has no effect, until {@link #goOn}. */
  protected abstract void hang() throws Exception;

  /** What begins from now on is answered again; what hung stays without effect. */
  protected abstract void goOn() throws Exception;

  /** Whether the job is seen to wait, after {@link #hang}. */
  protected abstract boolean waits() throws Exception;

  @AfterEach
  final void closeTime() {
    time.close();
  }

  @Test
  public void theSpecIsConstantAndBounded() throws Exception {
    Job job = job();
    assertThat(job.spec()).isEqualTo(job.spec());
    assertThat(job.spec().timeLimit()).isPositive().isLessThanOrEqualTo(Duration.ofDays(1));
  }

  @Test
  public void aRunDoesItsWorkOnceAndNamesItsPeriod() throws Exception {
    FakeJobRun run = run(PERIOD, 1, LONG);
    job().run(run);
    assertThat(effects()).hasSize(1).first().asString().contains(PERIOD.toString());
  }

  @Test
  public void theNextPeriodIsAnother() throws Exception {
    job().run(run(PERIOD, 1, LONG));
    job().run(run(PERIOD.plusSeconds(60), 1, LONG));
    assertThat(effects()).hasSize(2);
    assertThat(effects().get(0)).isNotEqualTo(effects().get(1));
  }

  @Test
  public void progressIsOneLineEachAndNeverGoesBack() throws Exception {
    FakeJobRun run = run(PERIOD, 1, LONG);
    job().run(run);
    double before = 0;
    for (FakeJobRun.Told told : run.told()) {
      assertThat(told.message()).doesNotContain("\n", "\r");
      if (!Double.isNaN(told.done())) {
        assertThat(told.done()).isBetween(before, 1.0);
        before = told.done();
      }
    }
  }

  @Test
  public void aRunThatMayNotGoOnDoesNothing() throws Exception {
    FakeJobRun run = run(PERIOD, 1, LONG);
    run.cancel();
    Running running = start(run);
    running.awaitEnd();
    assertThat(effects()).isEmpty();
  }

  @Test
  public void cancellingEndsARunThatWaitsAndNothingOfItIsLeft() throws Exception {
    hang();
    FakeJobRun run = run(PERIOD, 1, LONG);
    Running running = start(run);
    Await.until("the job to wait", SOON, this::waits);
    run.cancel();
    running.thread.interrupt();
    running.awaitEnd();
    assertThat(running.failure.get()).as("a cancelled run is no success").isNotNull();
    goOn();
    int left = effects().size();
    job().run(run(PERIOD.plusSeconds(60), 2, LONG)); // after the end of one run the next may begin; they never overlap
    assertThat(effects()).hasSize(left + 1).last().asString().contains(PERIOD.plusSeconds(60).toString());
  }

  @Test
  public void theDeadlineEndsARunThatWaits() throws Exception {
    hang();
    Running running = start(run(PERIOD, 1, Duration.ofMillis(500)));
    running.awaitEnd(); // nobody interrupts it: what it waits for is bounded by JobRun.remaining
    assertThat(running.failure.get()).isNotNull();
    goOn();
  }

  private FakeJobRun run(Instant period, long token, Duration limit) throws Exception {
    return new FakeJobRun(job().spec().name(), period, token, time, limit);
  }

  private Running start(FakeJobRun run) throws Exception {
    Job job = job();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(() -> {
      try {
        job.run(run);
      } catch (Throwable e) {
        failure.set(e);
      }
    }, "job-under-test");
    thread.setDaemon(true);
    thread.start();
    return new Running(thread, failure);
  }

  private record Running(Thread thread, AtomicReference<Throwable> failure) {

    void awaitEnd() throws InterruptedException {
      thread.join(SOON.toMillis());
      assertThat(thread.isAlive()).as("the run goes on after it had to end").isFalse();
    }
  }
}
