package io.weft.billing.ledger;

import io.weft.billing.BalanceChange;
import io.weft.billing.EntryType;
import io.weft.billing.LedgerEntry;
import io.weft.billing.Statement;
import io.weft.billing.money.Money;
import io.weft.store.IndeterminateCommit;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of an account, and those that are made by hand. */
public final class Journal {

  private static final String ADJUST = """
      WITH gate AS (
        INSERT INTO entries (account, type, amount, reference, actor)
        SELECT number, 'adjustment', ?, ?, ? FROM accounts WHERE number = ?
        ON CONFLICT (account, reference) WHERE type = 'adjustment' DO NOTHING RETURNING account, amount
      )
      UPDATE accounts a SET balance = a.balance + g.amount FROM gate g WHERE a.number = g.account
      RETURNING a.number, a.identity, a.balance, a.state""";

  /** Every entry of an account. Its charges are found hour by hour, all others by an index of their own. */
  private static final String OF_ACCOUNT = """
      (SELECT e.* FROM periods p CROSS JOIN LATERAL (
        SELECT * FROM entries WHERE type = 'charge' AND guarded AND period = p.hour AND account = ?) e
      UNION ALL SELECT * FROM entries WHERE account = ? AND (type <> 'charge' OR NOT guarded)) e""";

  private final Ledger ledger;
  private final Notices notices;

  public Journal(Books books) {
    this.ledger = books.ledger();
    this.notices = books.notices();
  }

  public List<LedgerEntry> list(long account, long before, int max) throws SQLException {
    return ledger.read(c -> Sql.list(c, "SELECT * FROM " + OF_ACCOUNT + " WHERE id < ? ORDER BY id DESC LIMIT ?", Journal::entry,
        account, account, before, max));
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    return new LedgerEntry(row.getLong("id"), row.getLong("account"), type(row), row.getBigDecimal("amount"),
        row.getString("reference"),
        row.getObject("token", Long.class), Sql.hour(row, "period").orElse(null), row.getString("actor"), Sql.instant(row, "at"));
  }

  private static EntryType type(ResultSet row) throws SQLException {
    return EntryType.valueOf(row.getString("type").toUpperCase(Locale.ROOT));
  }

  /** Empty if there is no such account. */
  public Optional<Statement> statement(long account, YearMonth month) throws SQLException {
    var from = month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    var to = month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    return ledger.read(c -> {
      if (Sql.number(c, "SELECT count(*) FROM accounts WHERE number = ?", account) == 0) {
        return Optional.empty();
      }
      BigDecimal opening = Sql.one(c, "SELECT coalesce(sum(amount), 0) FROM " + OF_ACCOUNT + " WHERE at < ?",
          row -> row.getBigDecimal(1), account, account, from);
      List<Statement.Line> lines =
          new ArrayList<>(Sql.list(c, "SELECT type, count(*) AS n, sum(amount) AS amount FROM " + OF_ACCOUNT
          + " WHERE at >= ? AND at < ? GROUP BY type ORDER BY type",
          row -> new Statement.Line(type(row), row.getLong("n"), row.getBigDecimal("amount")), account, account, from, to));
      BigDecimal closing = lines.stream().map(Statement.Line::amount).reduce(opening, BigDecimal::add);
      return Optional.of(new Statement(account, month, opening, closing, lines));
    });
  }

  /** Whether it was made now, by this call. */
  public boolean adjust(long account, BigDecimal amount, String reference, String actor) throws SQLException {
    BigDecimal kept = Money.exact(amount);
    boolean unknown = false;
    while (true) {
      try {
        List<BalanceChange> changes = ledger.write(c -> Sql.list(c, ADJUST, row -> new BalanceChange(Accounts.ref(row),
            BalanceChange.Cause.ADJUSTMENT, row.getBigDecimal("balance"), Accounts.state(row)), kept, reference, actor, account));
        notices.tell(changes);
        return !changes.isEmpty() || unknown;
      } catch (IndeterminateCommit e) {
        if (unknown) {
          throw e;
        }
        unknown = true; // the same again: if it is there, it is ours, and the gate keeps it from being made twice
      }
    }
  }

  /** A movement by hand that must not be: too long, empty, or of nothing. */
  public static @Nullable String problem(BigDecimal amount, String reference) {
    if (amount.signum() == 0) {
      return "an adjustment moves something";
    }
    return reference.isBlank() || reference.length() > 200 ? "a reference has 1 to 200 characters" : null;
  }
}
