package io.weft.node;

/** Three questions with three separate answers. */
public enum HealthKind {
  /** Is the process doing its work at all; if not, restart it. */
  liveness,
  /** Can it serve now; if not, send traffic elsewhere. */
  readiness,
  /** Is it set up safely; every insecure setting is named. */
  posture
}
