package io.weft.testkit;

import io.weft.node.Health;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Health as a test says it is. */
public final class FakeHealth implements Health {

  public final List<HealthResult> results = new ArrayList<>();

  @Override
  public List<HealthResult> results(HealthKind kind) {
    return results.stream().filter(r -> r.kind() == kind).sorted(Comparator.comparing(HealthResult::status).reversed()).toList();
  }

  @Override
  public HealthStatus worst(HealthKind kind) {
    return results(kind).stream().map(HealthResult::status).max(HealthStatus::compareTo).orElse(HealthStatus.ok);
  }
}
