package io.weft.testkit.job;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.coordination.Job;
import io.weft.coordination.JobSpec;
import io.weft.coordination.Schedule;
import io.weft.testkit.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FakeJobTest extends JobContract {

  private final FakeJob job = new FakeJob(JobSpec.singleton("fake", Schedule.every(Duration.ofMinutes(1))));

  @Override
  protected Job job() {
    return job;
  }

  @Override
  protected List<String> effects() {
    return job.done().stream().map(Object::toString).toList();
  }

  @Override
  protected void hang() {
    job.hold();
  }

  @Override
  protected void goOn() {
    job.release();
  }

  @Override
  protected boolean waits() {
    return job.waits();
  }

  @Test
  void failsWhenItShould() {
    job.failing(true);
    assertThatThrownBy(() -> job.run(new FakeJobRun("fake", Instant.EPOCH, 1, new ManualTime(), Duration.ofMinutes(1))))
        .hasMessageContaining("fails, as the test wants");
  }
}
