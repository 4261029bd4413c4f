package io.weft.store;

import java.sql.SQLException;

/** Nobody knows if a transaction was committed, see {@link Outcome.Indeterminate}. Doing it again is not safe. */
public final class IndeterminateCommit extends SQLException {

  private static final long serialVersionUID = 1L;

  public IndeterminateCommit(SQLException cause) {
    super("nobody knows if this was committed: " + cause.getMessage(), "08007", cause);
  }
}
