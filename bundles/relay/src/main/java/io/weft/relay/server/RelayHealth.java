package io.weft.relay.server;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.relay.RelayStatus;
import java.util.ArrayList;
import java.util.List;

/** What the relay says of itself while it is told to serve. */
final class RelayHealth {

  private static final String NAME = "relay";

  private RelayHealth() {}

  static List<HealthResult> check(RelayConfig config, RelayStatus status) {
    List<HealthResult> results = new ArrayList<>();
    if (!status.problem().isEmpty()) {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.critical, status.problem()));
    } else if (status.listeners().isEmpty()) {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.unknown, "starting"));
    } else if (status.allocations().size() >= status.allocationsMax()) {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.warn,
          "full: " + status.allocations().size() + " allocations; raise relay.allocations.max or add a relay"));
    } else {
      results.add(new HealthResult(NAME, HealthKind.readiness, HealthStatus.ok,
          status.allocations().size() + " of " + status.allocationsMax() + " allocations"));
    }
    if (config.allow_private()) {
      results.add(new HealthResult(NAME, HealthKind.posture, HealthStatus.warn,
          "clients can reach private addresses through this node (relay.allow.private); name the ranges in relay.allow.ranges instead"));
    }
    if (config.allow_ranges().length > 0) {
      results.add(new HealthResult(NAME, HealthKind.posture, HealthStatus.warn,
          "clients can reach " + String.join(", ", config.allow_ranges()) + " through this node (relay.allow.ranges); see that this is meant"));
    }
    return results;
  }
}
