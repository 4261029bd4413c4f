package io.weft.shell.store;

import java.io.IOException;

/** A file is not a snapshot, or not a whole one. The message is one line: what is wrong. */
public final class DamagedSnapshot extends IOException {

  private static final long serialVersionUID = 1L;

  DamagedSnapshot(String message) {
    super(message);
  }
}
