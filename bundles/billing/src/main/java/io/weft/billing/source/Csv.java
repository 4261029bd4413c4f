package io.weft.billing.source;

import java.util.ArrayList;
import java.util.List;

/** Comma-separated values as RFC 4180 has them, without line breaks in values. */
final class Csv {

  private static final int COLUMNS_MAX = 64;

  private Csv() {}

  /** @throws MalformedDeposits if quotes do not match, or there are too many values */
  static List<String> split(String line) throws MalformedDeposits {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (at <= line.length()) {
      StringBuilder value = new StringBuilder();
      at = line.startsWith("\"", at) ? quoted(line, at + 1, value) : plain(line, at, value);
      values.add(value.toString());
      if (values.size() > COLUMNS_MAX) {
        throw new MalformedDeposits("more than " + COLUMNS_MAX + " columns");
      }
      if (at < line.length() && line.charAt(at) != ',') {
        throw new MalformedDeposits("something after a closing quote");
      }
      at++;
    }
    return values;
  }

  private static int plain(String line, int from, StringBuilder value) {
    int comma = line.indexOf(',', from);
    int end = comma < 0 ? line.length() : comma;
    value.append(line.substring(from, end).strip());
    return end;
  }

  private static int quoted(String line, int from, StringBuilder value) throws MalformedDeposits {
    int at = from;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (c != '"') {
        value.append(c);
        at++;
      } else if (line.startsWith("\"\"", at)) {
        value.append('"');
        at += 2;
      } else {
        return at + 1;
      }
    }
    throw new MalformedDeposits("a quote that does not end");
  }
}
