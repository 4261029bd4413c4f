package io.weft.store.postgres;

import io.weft.support.http.TlsProblem;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What a failure says about what was asked. */
public final class PgErrors {

  /** Connection lost, server going away, system error, internal error: a COMMIT may have taken effect. */
  private static final List<String> UNCLEAR = List.of("08", "57P", "58", "XX");

  /** Conflict with another transaction, deadlock, a lock that was not got in time. */
  private static final List<String> CONFLICT = List.of("40001", "40P01", "55P03");

  private static final int LENGTH_MAX = 300;

  private PgErrors() {}

  /** Whether the server itself refused, so that the statement had no effect. */
  static boolean isAnswer(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && UNCLEAR.stream().noneMatch(state::startsWith);
  }

  /** Whether a transaction that failed with this before its COMMIT may succeed if it is done again. */
  static boolean mayRetry(SQLException e) {
    return !isAnswer(e) || CONFLICT.contains(e.getSQLState());
  }

  /** One line for people, without values of rows. */
  public static String inWords(Throwable cause) {
    Optional<String> tls = TlsProblem.inWords(cause);
    if (tls.isPresent()) {
      return tls.get().replace("(ca)", "(sslrootcert in store.postgres.url)");
    }
    if (cause instanceof SQLException e && List.of("28P01", "28000").contains(String.valueOf(e.getSQLState()))
        && !String.valueOf(e.getMessage()).startsWith("store.postgres.")) {
      return "it refuses the user or the password (store.postgres.user, store.postgres.password): " + oneLine(e.getMessage());
    }
    return oneLine(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
  }

  /** The details of the server name values of rows, which may be personal; they come on further lines. */
  private static String oneLine(String message) {
    String first = message.lines().findFirst().orElse("").strip();
    return first.length() > LENGTH_MAX ? first.substring(0, LENGTH_MAX) + "..." : first;
  }
}
