package io.weft.billing.ledger;

import java.sql.SQLException;

/** A COMMIT was sent and its answer did not come: what was asked for is done, or not. Whoever gets this looks, and does not guess. */
public final class CommitUnknown extends SQLException {

  private static final long serialVersionUID = 1L;

  CommitUnknown(SQLException cause) {
    super("the answer to COMMIT did not come: " + cause.getMessage(), cause.getSQLState(), cause);
  }
}
