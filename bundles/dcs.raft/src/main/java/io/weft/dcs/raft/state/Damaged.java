package io.weft.dcs.raft.state;

import java.io.IOException;

/** What is on disk is not what was written. The message is one line: which file, what is wrong. */
public final class Damaged extends IOException {

  private static final long serialVersionUID = 1L;

  public Damaged(String message) {
    super(message);
  }

  public Damaged(String message, Throwable cause) {
    super(message, cause);
  }
}
