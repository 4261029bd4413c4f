package io.weft.billing;

import java.time.Duration;
import java.util.List;

/** What a drill showed. */
public record DrillReport(String name, String title, List<DrillStep> steps, Duration took) {

  public DrillReport {
    steps = List.copyOf(steps);
  }

  public boolean good() {
    return !steps.isEmpty() && steps.stream().allMatch(DrillStep::good);
  }
}
