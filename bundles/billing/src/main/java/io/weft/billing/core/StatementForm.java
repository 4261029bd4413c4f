package io.weft.billing.core;

import io.weft.billing.ledger.MonthlySums;
import io.weft.billing.money.Money;
import io.weft.support.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How the statements of a month look in a file. Numbers of accounts only: nothing in it says who they are. */
enum StatementForm {
  /** A line per account under a line of names. */
  CSV("account,opening,charges,deposits,adjustments,closing", "\n", "\n"),
  /** A list with an object per account, one on a line; amounts are strings, since a double could not hold them. */
  JSON("[", ",\n", "\n]\n");

  private final String head;
  private final String between;
  private final String end;

  StatementForm(String head, String between, String end) {
    this.head = head;
    this.between = between;
    this.end = end;
  }

  static StatementForm of(String word) {
    return word.equals("json") ? JSON : CSV;
  }

  String ending() {
    return name().toLowerCase(Locale.ROOT);
  }

  String head() {
    return head;
  }

  /** Goes before each one. */
  String before(boolean first) {
    return first ? "\n" : between;
  }

  /** Goes behind the last one. */
  String end() {
    return end;
  }

  String text(MonthlySums.Sums of) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("account", of.account());
    all.put("opening", Money.text(of.opening()));
    all.put("charges", Money.text(of.charges()));
    all.put("deposits", Money.text(of.deposits()));
    all.put("adjustments", Money.text(of.adjustments()));
    all.put("closing", Money.text(of.closing()));
    return this == CSV ? String.join(",", all.values().stream().map(String::valueOf).toList()) : Json.compact(all);
  }
}
