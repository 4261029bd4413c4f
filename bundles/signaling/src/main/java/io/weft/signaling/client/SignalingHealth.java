package io.weft.signaling.client;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.signaling.Broker;
import java.util.List;
import java.util.stream.Collectors;

/** What is said of brokers. Links that are up need none, so no loss of them is critical. */
final class SignalingHealth {

  private static final String NAME = "signaling";

  private SignalingHealth() {}

  static List<HealthResult> check(List<Broker> brokers) {
    if (brokers.isEmpty()) {
      return List.of();
    }
    long up = brokers.stream().filter(Broker::up).count();
    List<Broker> down = brokers.stream().filter(broker -> broker.problem() != null).toList();
    String counted = up + " of " + brokers.size() + " brokers up";
    if (down.isEmpty()) {
      return List.of(new HealthResult(NAME, HealthKind.readiness, HealthStatus.ok,
          up == brokers.size() ? counted : counted + ", the others were not needed so far"));
    }
    String why = down.stream().map(broker -> broker.url() + " (" + broker.problem() + ")").collect(Collectors.joining(", "));
    return List.of(new HealthResult(NAME, HealthKind.readiness, HealthStatus.warn, counted + "; not " + why
        + (up == 0 ? "; links that are up stay, new ones need a known address" : "")));
  }
}
