package io.weft.forward;

import java.time.Duration;

/** The bounds in force; a new one replaces them as a whole. */
record Limits(int connectionsMax, Duration openTimeout, Duration connectTimeout, Duration udpIdle, int udpFlowsMax) {

  static Limits of(ForwardConfig config) {
    return new Limits(
        Math.max(1, config.connections_max()),
        atLeastOne(config.open_timeout_ms()),
        atLeastOne(config.connect_timeout_ms()),
        atLeastOne(config.udp_idle_timeout_ms()),
        Math.max(1, config.udp_flows_max()));
  }

  private static Duration atLeastOne(long millis) {
    return Duration.ofMillis(Math.max(1, millis));
  }
}
