package io.weft.store;

import java.sql.SQLTransientConnectionException;

/** The database was not reached, so nothing happened. Trying again later is safe. The message is one line for people. */
public final class StoreUnavailable extends SQLTransientConnectionException {

  private static final long serialVersionUID = 1L;

  public StoreUnavailable(String message) {
    super(message, "08001");
  }

  public StoreUnavailable(String message, Throwable cause) {
    super(message, "08001", cause);
  }
}
