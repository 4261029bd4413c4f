package io.weft.billing;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.List;

/**
 * One account in one month, by UTC.
 *
 * @param opening balance at the beginning
 * @param closing balance at the end
 * @param lines sums by type, those that are not empty
 */
public record Statement(long account, YearMonth month, BigDecimal opening, BigDecimal closing, List<Line> lines) {

  public Statement {
    lines = List.copyOf(lines);
  }

  /** All entries of one type. */
  public record Line(EntryType type, long count, BigDecimal amount) {}
}
