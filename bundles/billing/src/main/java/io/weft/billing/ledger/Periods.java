package io.weft.billing.ledger;

import io.weft.billing.Hour;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Which hours are owed, and how far the charging of one is. All by the clock of the database. */
final class Periods {

  /** How far hours are charged. */
  record Standing(Optional<Hour> lastDone, long owed) {}

  private static final String OPEN = "SELECT hour, next_account FROM periods WHERE done_at IS NULL";
  private static final String NEXT = "coalesce(begun + interval '1 hour', billed_from)";

  private final Rules rules;

  Periods(Rules rules) {
    this.rules = rules;
  }

  /** The hour to charge now: the one that was begun, or the next that is over; empty if nothing is owed. */
  Optional<OpenHour> current(Connection connection) throws SQLException {
    Optional<OpenHour> open = open(connection);
    return open.isPresent() || owed(connection) == 0 ? open : Optional.of(begin(connection));
  }

  private static Optional<OpenHour> open(Connection connection) throws SQLException {
    return Sql.first(connection, OPEN, row -> new OpenHour(Sql.hour(row, "hour").orElseThrow(), row.getLong("next_account")));
  }

  /** Under the lock, which waits for everybody who opens an account right now. */
  private OpenHour begin(Connection connection) throws SQLException {
    Sql.one(connection, "SELECT 1 FROM books FOR UPDATE", row -> true);
    Optional<OpenHour> open = open(connection); // another one may have been quicker
    if (open.isPresent()) {
      return open.get();
    }
    long owed = owed(connection);
    if (owed > rules.catchUpMax()) {
      throw new SQLException(owed + " hours are owed, more than billing.catch.up.max.hours (" + rules.catchUpMax()
          + "): is the clock of the database right? Raise it if they are to be charged", "WF003");
    }
    Hour next = Sql.one(connection, "UPDATE books SET begun = " + NEXT + " RETURNING begun", row -> Sql.hour(row, "begun")
        .orElseThrow());
    Sql.update(connection, "INSERT INTO periods (hour) VALUES (?)", next);
    return new OpenHour(next, 0);
  }

  /** Hours that are over and were not begun. */
  private long owed(Connection connection) throws SQLException {
    return Sql.number(connection, "SELECT greatest(0, floor(extract(epoch FROM clock_now() - make_interval(secs => ?) - " + NEXT
        + ") / 3600))::bigint FROM books", (double) rules.settle().toSeconds());
  }

  /** Locks it; false if somebody, or we ourselves without knowing, got further than that. */
  static boolean lock(Connection connection, OpenHour at) throws SQLException {
    return Sql.first(connection, "SELECT 1 FROM periods WHERE hour = ? AND next_account = ? AND done_at IS NULL FOR UPDATE",
        row -> true, at.hour(), at.next()).isPresent();
  }

  static void move(Connection connection, OpenHour at, long next, Charged charged) throws SQLException {
    Sql.update(connection, "UPDATE periods SET next_account = ?, charged = charged + ?, free = free + ?, skipped = skipped + ?, "
        + "amount = amount + ? WHERE hour = ?", next, charged.charged(), charged.free(), charged.skipped(), charged.amount(),
        at.hour());
  }

  static void done(Connection connection, OpenHour at) throws SQLException {
    Sql.update(connection, "UPDATE periods SET done_at = clock_now() WHERE hour = ?", at.hour());
  }

  Standing standing(Connection connection) throws SQLException {
    Optional<Hour> last = Sql.one(connection, "SELECT max(hour) AS hour FROM periods WHERE done_at IS NOT NULL",
        row -> Sql.hour(row, "hour"));
    long open = Sql.number(connection, "SELECT count(*) FROM periods WHERE done_at IS NULL");
    return new Standing(last, open + owed(connection));
  }
}
