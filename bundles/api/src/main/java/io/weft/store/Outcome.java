package io.weft.store;

import java.sql.SQLException;

/** What became of a transaction. */
public sealed interface Outcome<T> {

  /**
   * It is committed.
   *
   * @param value what the work returned
   */
  record Committed<T>(T value) implements Outcome<T> {}

  /**
   * Nothing of it happened, and nothing will.
   *
   * @param cause what the server or the driver said; {@link StoreUnavailable} if the server was not reached at all
   * @param retry whether the same work may well succeed if it is done again: a conflict with another transaction, a deadlock, a
   *     lost connection
   */
  record RolledBack<T>(SQLException cause, boolean retry) implements Outcome<T> {}

  /**
   * Nobody knows: the answer to COMMIT was lost, and the server could not be asked, or could not tell, what became of it. Read
   * back by key before anything that must not be done twice; until that has succeeded the transaction may yet appear.
   */
  record Indeterminate<T>(SQLException cause) implements Outcome<T> {}

  default boolean isCommitted() {
    return this instanceof Committed;
  }

  /**
   * What the work returned.
   *
   * @throws SQLException the cause, if it was rolled back
   * @throws IndeterminateCommit if nobody knows
   */
  default T orThrow() throws SQLException {
    if (this instanceof Committed<T> committed) {
      return committed.value;
    }
    if (this instanceof RolledBack<T> rolledBack) {
      throw rolledBack.cause;
    }
    throw new IndeterminateCommit(((Indeterminate<T>) this).cause);
  }
}
