package io.weft.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.osgi.annotation.versioning.ConsumerType;

/** Statements on a connection that is lent for the call. */
@FunctionalInterface
@ConsumerType
public interface Work<T> {

  /**
   * Runs on the caller's thread. Neither commits, rolls back nor closes the connection, and keeps nothing of it. Settings of the
   * session that it changes are made with {@code SET LOCAL}.
   */
  T on(Connection connection) throws SQLException;
}
