package io.weft.billing.ledger;

import io.weft.billing.Finding;
import io.weft.billing.Hour;
import io.weft.billing.Verification;
import io.weft.billing.money.Money;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Checks the books as a whole, from the entries alone and not from what the jobs believe. */
public final class Audit {

  /** The columns are how many cases there are and one of them. */
  private record Check(String name, String sql, String where) {}

  private static final List<Check> CHECKS = List.of(
      new Check("sum equals balance", """
          SELECT count(*), min(a.number) FROM accounts a
            LEFT JOIN (SELECT account, sum(amount) AS amount FROM entries GROUP BY account) e ON e.account = a.number
            WHERE a.balance <> coalesce(e.amount, 0)""", "account"),
      new Check("every entry has its account", """
          SELECT count(*), min(e.account) FROM entries e
            WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.number = e.account)""",
          "account"),
      new Check("one charge per account and hour", """
          SELECT count(*), min(account) FROM (SELECT account FROM entries WHERE type = 'charge' AND guarded
            GROUP BY account, period HAVING count(*) > 1) d""", "account"),
      new Check("one entry per deposit", """
          SELECT count(*), min(account) FROM (SELECT min(account) AS account FROM entries WHERE type = 'deposit'
            GROUP BY reference HAVING count(*) > 1) d""", "account"),
      new Check("every credited deposit has its entry", """
          SELECT count(*), min(d.account) FROM deposits d LEFT JOIN entries e
            ON e.type = 'deposit' AND e.reference = d.source || ':' || d.id
            WHERE d.state = 'credited' AND (e.id IS NULL OR e.amount <> d.amount OR e.account <> d.account)""", "account"),
      new Check("every deposit entry has its deposit", """
          SELECT count(*), min(e.account) FROM entries e WHERE e.type = 'deposit' AND NOT EXISTS (
            SELECT 1 FROM deposits d WHERE d.state = 'credited' AND e.reference = d.source || ':' || d.id)""", "account"),
      new Check("hours add up", """
          SELECT count(*), min(extract(epoch FROM p.hour))::bigint FROM periods p LEFT JOIN (
            SELECT period, count(*) AS n, sum(amount) AS amount FROM entries WHERE type = 'charge' AND guarded GROUP BY period) e
            ON e.period = p.hour WHERE p.charged <> coalesce(e.n, 0) OR p.amount <> -coalesce(e.amount, 0)""", "hour"),
      new Check("no hour is left out", """
          SELECT count(*), min(extract(epoch FROM h.hour))::bigint
            FROM books b, generate_series(b.billed_from, b.begun, interval '1 hour') h (hour)
            WHERE NOT EXISTS (SELECT 1 FROM periods p WHERE p.hour = h.hour)""", "hour"),
      new Check("no charge before an account began", """
          SELECT count(*), min(a.number) FROM entries e JOIN accounts a ON a.number = e.account
            WHERE e.type = 'charge' AND e.period < a.since""", "account"));

  /**
   * A deposit that is gone must have been taken back, by an adjustment of just its amount; one that came back must have been
   * given back. The columns are the deposit, its account and what is to be moved.
   */
  private static final String UNSETTLED = """
      SELECT reference, account, should - moved AS move FROM (
        SELECT d.source || ':' || d.id AS reference, d.account, CASE WHEN d.gone_at IS NULL THEN 0 ELSE -d.amount END AS should,
          coalesce((SELECT sum(e.amount) FROM entries e WHERE e.account = d.account AND e.type = 'adjustment'
            AND e.reference IN ('%1$s' || d.source || ':' || d.id, '%2$s' || d.source || ':' || d.id)), 0) AS moved
        FROM deposits d WHERE d.state = 'credited' AND (d.gone_at IS NOT NULL OR EXISTS (SELECT 1 FROM entries e
          WHERE e.account = d.account AND e.type = 'adjustment' AND e.reference = '%1$s' || d.source || ':' || d.id))
      ) d WHERE should <> moved ORDER BY 1""".formatted(Recheck.TAKEN_BACK, Recheck.GIVEN_BACK);

  private static final List<String> GUARDS = List.of("entries_charge_once", "entries_deposit_once", "entries_adjustment_once");
  private static final List<String> TRIGGERS = List.of("entries_stay", "entries_stay_all", "entries_fenced", "entries_known",
      "accounts_stay", "accounts_stay_all");

  private final Ledger ledger;

  public Audit(Ledger ledger) {
    this.ledger = ledger;
  }

  public Verification verify() throws SQLException {
    return ledger.read(c -> {
      List<Finding> findings = new ArrayList<>();
      for (Check check : CHECKS) {
        findings.add(run(c, check));
      }
      findings.add(unsettled(c));
      findings.add(guards(c));
      BigDecimal balance = Sql.one(c, "SELECT coalesce(sum(balance), 0) FROM accounts", row -> row.getBigDecimal(1));
      return new Verification(Sql.number(c, "SELECT count(*) FROM accounts"), Sql.number(c, "SELECT count(*) FROM entries"),
          balance,
          findings);
    });
  }

  private static Finding run(Connection connection, Check check) throws SQLException {
    return Sql.one(connection, check.sql(), row -> {
      long wrong = row.getLong(1);
      return new Finding(check.name(), wrong, wrong == 0 ? "always" : "first at " + check.where() + " "
          + where(check, row.getLong(2)));
    });
  }

  private static String where(Check check, long number) {
    return check.where().equals("hour") ? Hour.of(Instant.ofEpochSecond(number)).key() : Long.toString(number);
  }

  /** Says what to do: an operator has to want it. */
  private static Finding unsettled(Connection connection) throws SQLException {
    List<String> commands = Sql.list(connection, UNSETTLED, row -> {
      BigDecimal move = row.getBigDecimal("move");
      boolean take = move.signum() < 0;
      return "weft billing adjust " + row.getLong("account") + " " + Money.text(move.abs()) + (take ? " --debit" : "")
          + " --reference "
          + (take ? Recheck.TAKEN_BACK : Recheck.GIVEN_BACK) + row.getString("reference") + " --yes";
    });
    return new Finding("credited deposits are at their source", commands.size(),
        commands.isEmpty() ? "always" : "put it right by: " + commands.get(0));
  }

  /** Whether the database itself still refuses what must not be. */
  private static Finding guards(Connection connection) throws SQLException {
    List<String> there = Sql.list(connection, """
        SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
          WHERE i.indrelid = 'entries'::regclass AND i.indisunique AND i.indisvalid AND i.indisready
        UNION ALL SELECT tgname FROM pg_trigger
          WHERE tgrelid IN ('entries'::regclass, 'accounts'::regclass) AND tgenabled = 'O'""", row -> row.getString(1));
    List<String> missing = new ArrayList<>();
    GUARDS.stream().filter(g -> !there.contains(g)).forEach(missing::add);
    TRIGGERS.stream().filter(g -> !there.contains(g)).forEach(missing::add);
    return new Finding("guards in place", missing.size(), missing.isEmpty() ? GUARDS.size() + " unique indexes, "
        + TRIGGERS.size()
        + " triggers" : "missing or switched off: " + String.join(", ", missing));
  }
}
