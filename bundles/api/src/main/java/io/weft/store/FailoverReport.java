package io.weft.store;

import java.util.List;

/**
 * How a failover went, or would go.
 *
 * @param steps in order; the last one says why it ended if it did not succeed
 * @param possible of a plan: whether nothing is in the way; of a run: whether the replica is the primary now
 * @param transcript file with all of it and the times; empty for a plan
 */
public record FailoverReport(List<Line> steps, boolean possible, String transcript) {

  /**
   * One step.
   *
   * @param step {@code look}, {@code fence}, {@code prove}, {@code flip} or {@code undo}
   * @param good whether it is as it should be
   * @param text one line for people
   */
  public record Line(String step, boolean good, String text) {}

  public FailoverReport {
    steps = List.copyOf(steps);
  }
}
