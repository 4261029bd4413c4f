package io.weft.mesh.wire;

import io.weft.node.Reason;

/** Why a stream was cut, in the number that a reset carries; what has no number of its own is {@link #aborted}. */
public enum StreamCode {
  /** Keep the order: the position is the number on the wire. */
  internal_error,
  aborted,
  protocol,
  flow_violation,
  overflow,
  cancelled,
  timeout,
  connection_reset,
  leaving,
  target_dead;

  private static final StreamCode[] ALL = values();

  /** The number for a reason. */
  public static int of(Reason reason) {
    for (StreamCode code : ALL) {
      if (code.name().equals(reason.code())) {
        return code.ordinal();
      }
    }
    return aborted.ordinal();
  }

  /** The reason for a number. */
  public static Reason reason(int code) {
    return Reason.of(code >= 0 && code < ALL.length ? ALL[code].name() : aborted.name(), "cut by the peer");
  }
}
