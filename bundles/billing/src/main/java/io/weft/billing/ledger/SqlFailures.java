package io.weft.billing.ledger;

import io.weft.store.IndeterminateCommit;
import java.sql.SQLException;
import java.util.List;

/** What a failure of the database means. */
public final class SqlFailures {

  private static final String STALE = "WF001";

  /** Connection lost or refused, server going away, out of resources, system error. */
  private static final List<String> NO_ANSWER = List.of("08", "57P", "53", "58", "XX");

  /** Serialization failure, deadlock, lock or statement timeout: the same again may work. */
  private static final List<String> TRANSIENT = List.of("40", "55P03", "57014");

  private static final int MESSAGE_MAX = 300;

  private SqlFailures() {}

  /** Whether the server itself refused, so that nothing was changed. */
  private static boolean isAnswer(SQLException e) {
    String state = e.getSQLState();
    return state != null && state.length() == 5 && NO_ANSWER.stream().noneMatch(state::startsWith);
  }

  /** Whether looking and trying again makes sense. */
  public static boolean mayPass(SQLException e) {
    return e instanceof IndeterminateCommit || !isAnswer(e) || TRANSIENT.stream().anyMatch(e.getSQLState()::startsWith);
  }

  /** Whether a later claimant is at work, so that this one has to stop. */
  public static boolean isStale(SQLException e) {
    return STALE.equals(e.getSQLState());
  }

  /** On one line. */
  public static String inWords(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage().replaceAll("\\s+", " ");
    return message.length() > MESSAGE_MAX ? message.substring(0, MESSAGE_MAX) + "..." : message;
  }
}
