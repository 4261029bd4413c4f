package io.weft.signaling;

/** What a signal says; names as on the wire. */
public enum SignalType {
  /** Starts an attempt: credentials of one side. Drops everything that waits from the same sender to the same recipient. */
  auth,
  /** One or more candidates of the attempt. */
  candidate,
  /** The sender has no more candidates. */
  done
}
