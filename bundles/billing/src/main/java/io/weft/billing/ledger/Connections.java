package io.weft.billing.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** Where connections come from. */
@FunctionalInterface
public interface Connections {

  /** For the caller alone until it is closed. */
  Connection open() throws SQLException;
}
