package io.weft.dcs.raft.wire;

import java.io.IOException;

/** A call to another node has no answer of use. */
public final class CallFailed extends IOException {

  private static final long serialVersionUID = 1L;

  /** Why. */
  public enum Kind {
    /** It never left this node. */
    NOT_SENT,
    /** It may have arrived; nobody knows what became of it. */
    LOST,
    /** The other does not lead; the message is the name of the node that does, if it knows. Nothing was done. */
    NOT_LEADER,
    /** Nothing was done, and later it may be. */
    UNAVAILABLE,
    /** It may have been done, or may yet be. */
    INDETERMINATE,
    /** Nothing was done, nor will be if it is asked again. */
    REFUSED
  }

  private final Kind kind;

  public CallFailed(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public CallFailed(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether it is certain that nothing was done. */
  public boolean isHarmless() {
    return kind != Kind.LOST && kind != Kind.INDETERMINATE;
  }
}
