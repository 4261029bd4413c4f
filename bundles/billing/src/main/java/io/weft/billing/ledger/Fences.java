package io.weft.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** Fencing tokens, which the database gives out and checks. */
final class Fences {

  private Fences() {}

  /**
   * Claims the right to write. From the commit on, whoever claimed before is refused.
   *
   * @param scope type of entries, or the name of a job
   * @param source what gave the lease: tokens of one source only grow, those of two cannot be compared
   * @param lease token of the lease; 0 if there is none
   * @throws SQLException if a later lease of this source has claimed, see {@link SqlFailures#isStale}
   */
  static long claim(Connection connection, String scope, String source, long lease, String holder) throws SQLException {
    return Sql.number(connection, "SELECT fence_claim(?, ?, ?, ?)", scope, source, lease, holder);
  }
}
