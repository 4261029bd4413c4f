package io.weft.node;

/** Best first. Unknown is not healthy. */
public enum HealthStatus {
  ok,
  warn,
  unknown,
  critical;

  public boolean isWorseThan(HealthStatus other) {
    return compareTo(other) > 0;
  }
}
