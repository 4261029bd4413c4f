package io.weft.billing.source;

import io.weft.billing.Deposit;
import io.weft.support.JsonReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deposits in the text of a file. */
final class DepositFiles {

  private static final List<String> COLUMNS = List.of("id", "payer", "amount", "time");
  private static final int NUMBER_MAX = 60;
  private static final int PAYER_MAX = 512;

  private DepositFiles() {}

  /** A first line that names the columns, then one deposit per line. A last line that is not ended is still being written. */
  static List<Deposit> csv(String text) throws MalformedDeposits {
    List<Deposit> deposits = new ArrayList<>();
    List<String> head = List.of();
    int number = 0;
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      String line = text.substring(from, end).strip();
      from = end + 1;
      number++;
      if (line.isEmpty()) {
        continue;
      }
      try {
        List<String> values = Csv.split(line);
        if (head.isEmpty()) {
          head = head(values);
        } else {
          deposits.add(deposit(head, values));
        }
      } catch (MalformedDeposits e) {
        throw new MalformedDeposits("line " + number + ": " + e.getMessage(), e);
      }
    }
    return deposits;
  }

  private static List<String> head(List<String> values) throws MalformedDeposits {
    if (!values.containsAll(COLUMNS)) {
      throw new MalformedDeposits("the first line must name the columns " + String.join(", ", COLUMNS));
    }
    return values;
  }

  private static Deposit deposit(List<String> head, List<String> values) throws MalformedDeposits {
    if (values.size() != head.size()) {
      throw new MalformedDeposits(values.size() + " values for " + head.size() + " columns");
    }
    return deposit(values.get(head.indexOf("id")), values.get(head.indexOf("payer")), values.get(head.indexOf("amount")),
        values.get(head.indexOf("time")));
  }

  /** A list of objects with these members, all of them strings: a number of JSON would not keep every decimal. */
  static List<Deposit> json(String text) throws MalformedDeposits {
    Object all;
    try {
      all = JsonReader.read(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedDeposits(e.getMessage(), e);
    }
    if (!(all instanceof List<?> list)) {
      throw new MalformedDeposits("expected a list of deposits");
    }
    List<Deposit> deposits = new ArrayList<>();
    for (Object one : list) {
      try {
        deposits.add(deposit(member(one, "id"), member(one, "payer"), member(one, "amount"), member(one, "time")));
      } catch (MalformedDeposits e) {
        throw new MalformedDeposits("deposit " + (deposits.size() + 1) + ": " + e.getMessage(), e);
      }
    }
    return deposits;
  }

  private static String member(Object one, String name) throws MalformedDeposits {
    if (one instanceof Map<?, ?> map && map.get(name) instanceof String text) {
      return text;
    }
    throw new MalformedDeposits("expected a string '" + name + "'");
  }

  private static Deposit deposit(String id, String payer, String amount, String time) throws MalformedDeposits {
    if (payer.isBlank() || payer.length() > PAYER_MAX) {
      throw new MalformedDeposits("the payer has 1 to " + PAYER_MAX + " characters");
    }
    try {
      return new Deposit(id, payer, decimal(amount), Instant.parse(time));
    } catch (DateTimeException e) {
      throw new MalformedDeposits("expected a time such as 2026-01-31T09:00:00Z", e);
    } catch (IllegalArgumentException e) {
      throw new MalformedDeposits(e.getMessage(), e);
    }
  }

  /** Plain digits: an exponent could stand for a number that fills the memory. */
  static BigDecimal decimal(String text) throws MalformedDeposits {
    if (text.length() > NUMBER_MAX || !text.matches("[0-9]+(\\.[0-9]{1,18})?")) {
      throw new MalformedDeposits("expected an amount such as 12.50, with 18 decimals at most");
    }
    return new BigDecimal(text);
  }
}
