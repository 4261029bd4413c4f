package io.weft.billing.ledger;

import io.weft.billing.money.Money;
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
      SELECT a.number, coalesce(sum(e.amount) FILTER (WHERE e.at < ?), 0) AS opening,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'charge'), 0) AS charges,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'deposit'), 0) AS deposits,
        coalesce(sum(e.amount) FILTER (WHERE e.at >= ? AND e.type = 'adjustment'), 0) AS adjustments,
        coalesce(sum(e.amount), 0) AS closing
      FROM (SELECT number FROM accounts WHERE number > ? AND opened_at < ? ORDER BY number LIMIT ?) a
      LEFT JOIN entries e ON e.account = a.number AND e.at < ?
      GROUP BY a.number ORDER BY a.number""";

  private record Line(long account, String text) {}

  private final Ledger ledger;
  private final OffsetDateTime from;
  private final OffsetDateTime to;

  /** Takes a line. */
  @FunctionalInterface
  public interface Lines {
    void line(String text) throws IOException;
  }

  public MonthlySums(Books books, YearMonth month) {
    this.ledger = books.ledger();
    this.from = month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
    this.to = month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  /** Gives the lines of the next accounts; returns after which account to go on, or -1. */
  public long next(long after, Lines lines) throws SQLException, IOException {
    List<Line> some = ledger.read(c -> Sql.list(c, SUMS, row -> new Line(row.getLong("number"), String.join(",", row.getString("number"),
        text(row.getBigDecimal("opening")), text(row.getBigDecimal("charges")), text(row.getBigDecimal("deposits")),
        text(row.getBigDecimal("adjustments")), text(row.getBigDecimal("closing")))),
        from, from, from, from, after, to, RANGE, to));
    for (Line line : some) {
      lines.line(line.text());
    }
    return some.size() < RANGE ? -1 : some.get(some.size() - 1).account();
  }

  private static String text(BigDecimal amount) {
    return Money.text(amount);
  }
}
