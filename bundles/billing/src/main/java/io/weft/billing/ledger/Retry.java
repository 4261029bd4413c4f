package io.weft.billing.ledger;

import io.weft.coordination.JobRun;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on after failures that pass. A step is begun by reading where things stand, so a commit whose answer got lost is never
 * done again: the step finds it done.
 */
public final class Retry {

  /** Waits; a test's may not. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  /** One step, from reading on. Returns whether there is another. */
  @FunctionalInterface
  interface Step {
    boolean go() throws Exception;
  }

  private static final Logger log = LoggerFactory.getLogger(Retry.class);
  private static final int FAILURES_MAX = 20;
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final Pause pause;

  public Retry(Pause pause) {
    this.pause = pause;
  }

  /** Steps until there is no more. Ends by exception if the run may not go on, or if the same step fails again and again. */
  void untilDone(JobRun run, Step step) throws Exception {
    int failures = 0;
    boolean more = true;
    while (more) {
      run.check();
      try {
        more = step.go();
        failures = 0;
      } catch (SQLException e) {
        failures++;
        if (!SqlFailures.mayPass(e) || failures > FAILURES_MAX) {
          throw e;
        }
        log.debug("database failed job={} failures={} problem=\"{}\"", run.job(), failures, SqlFailures.inWords(e));
        pause.of(wait(failures));
      }
    }
  }

  private static Duration wait(int failures) {
    Duration wait = SHORTEST.multipliedBy(1L << Math.min(failures, 10));
    return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
  }
}
