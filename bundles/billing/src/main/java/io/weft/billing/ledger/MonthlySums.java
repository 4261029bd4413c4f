package io.weft.billing.ledger;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;

/** What every account began a month with, what came and went, and what was left. */
public final class MonthlySums {

  private static final int RANGE = 2_000;

  private static final String SUMS = """
      WITH a AS (SELECT number FROM accounts WHERE number > ? AND opened_at < ? ORDER BY number LIMIT ?),
      ends AS (SELECT min(number) AS first, max(number) AS last FROM a),
      e AS (
        SELECT c.account, c.type, c.amount, c.at FROM ends CROSS JOIN periods p CROSS JOIN LATERAL (
          SELECT * FROM entries WHERE type = 'charge' AND guarded AND period = p.hour
            AND account BETWEEN ends.first AND ends.last) c
        UNION ALL SELECT o.account, o.type, o.amount, o.at FROM ends JOIN entries o
          ON o.account BETWEEN ends.first AND ends.last AND (o.type <> 'charge' OR NOT o.guarded)
      )
      SELECT a.number, coalesce(sum(e.amount) FILTER (WHERE e.at < ?), 0) AS opening,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'charge'), 0) AS charges,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'deposit'), 0) AS deposits,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'adjustment'), 0) AS adjustments,
        coalesce(sum(e.amount), 0) AS closing
      FROM a LEFT JOIN e ON e.account = a.number AND e.at < ?
      GROUP BY a.number ORDER BY a.number""";

  /** One account in that month. */
  public record Sums(
      long account, BigDecimal opening, BigDecimal charges, BigDecimal deposits, BigDecimal adjustments, BigDecimal closing) {}

  private final Ledger ledger;
  private final OffsetDateTime from;
  private final OffsetDateTime to;

  /** Takes the sums of an account. */
  @FunctionalInterface
  public interface Taker {
    void take(Sums one) throws IOException;
  }

  public MonthlySums(Books books, YearMonth month) {
    this.ledger = books.ledger();
    this.from = month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    this.to = month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  /** Gives the sums of the next accounts; returns after which account to go on, or -1. */
  public long next(long after, Taker taker) throws SQLException, IOException {
    List<Sums> some = ledger.read(c -> Sql.list(c, SUMS, row -> new Sums(row.getLong("number"), row.getBigDecimal("opening"),
        row.getBigDecimal("charges"), row.getBigDecimal("deposits"), row.getBigDecimal("adjustments"),
        row.getBigDecimal("closing")),
        after, to, RANGE, from, from, from, from, to));
    for (Sums one : some) {
      taker.take(one);
    }
    return some.size() < RANGE ? -1 : some.get(some.size() - 1).account();
  }
}
