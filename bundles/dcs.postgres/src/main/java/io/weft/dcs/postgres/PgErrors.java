package io.weft.dcs.postgres;

import io.weft.dcs.WriteResult;
import io.weft.support.Causes;
import io.weft.support.http.TlsProblem;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What a failure says about what was asked. */
final class PgErrors {

  /** Connection lost, server going away, system error, internal error: the statement may have taken effect. */
  private static final List<String> UNCLEAR = List.of("08", "57P", "58", "XX");

  private PgErrors() {}

  /** Whether the server itself refused, so that the statement had no effect and the connection can be used on. */
  static boolean isAnswer(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && UNCLEAR.stream().noneMatch(state::startsWith);
  }

  static WriteResult failed(Throwable failure) {
    Throwable cause = Causes.of(failure);
    boolean nothing = cause instanceof PgConnections.NotConnected || cause instanceof SQLException e && isAnswer(e);
    String reason = reason(cause);
    return nothing ? new WriteResult.Refused(reason) : new WriteResult.Indeterminate(reason);
  }

  /** A prepared statement that is there twice, or not at all, is that of another client of a shared connection. */
  private static boolean isPooled(Throwable cause) {
    return cause instanceof SQLException e && List.of("42P05", "26000").contains(String.valueOf(e.getSQLState()));
  }

  /** Which store, and what is wrong. */
  static String reason(Throwable cause) {
    return "postgres: " + inWords(cause);
  }

  static String inWords(Throwable cause) {
    if (isPooled(cause)) {
      return PgSelfTest.POOLED;
    }
    Optional<String> tls = TlsProblem.inWords(cause);
    if (tls.isPresent()) {
      return tls.get().replace("(ca)", "(sslrootcert in dcs.postgres.url)");
    }
    if (cause instanceof SQLException e && List.of("28P01", "28000").contains(String.valueOf(e.getSQLState()))
        && !String.valueOf(e.getMessage()).startsWith("dcs.postgres.")) {
      return "it refuses the user or the password (dcs.postgres.user, dcs.postgres.password): " + oneLine(e.getMessage());
    }
    return oneLine(Causes.text(cause));
  }

  private static String oneLine(String message) {
    return (message.length() > 300 ? message.substring(0, 300) + "..." : message).replaceAll("\\s+", " ");
  }
}
