package org.example.tierplan;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What lies between two bounds, and its price.
 *
 * @param from quantity at which it begins
 * @param to quantity at which it ends; null for no end
 * @param price of one unit in one month
 */
record Tier(BigDecimal from, @Nullable BigDecimal to, BigDecimal price) {

  private static final Pattern ENTRY = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,9})?|\\*)=([0-9]{1,12}(?:\\.[0-9]{1,18})?)");
  private static final int TIERS_MAX = 100;

  /**
   * Entries {@code UP-TO=PRICE}, in units and rising; the last is {@code *=PRICE}.
   *
   * @throws IllegalArgumentException if they are something else; the message says what to write
   */
  static List<Tier> parse(List<String> entries, BigDecimal unit) {
    List<Tier> tiers = new ArrayList<>();
    BigDecimal from = BigDecimal.ZERO;
    for (int i = 0; i < entries.size(); i++) {
      boolean last = i == entries.size() - 1;
      Matcher entry = ENTRY.matcher(entries.get(i));
      if (!entry.matches() || i == TIERS_MAX) {
        throw new IllegalArgumentException("entry " + (i + 1) + ": expected at most " + TIERS_MAX + " such as 100=0.02, or *=0.015 as the last");
      }
      if (entry.group(1).equals("*") != last) {
        throw new IllegalArgumentException("entry " + (i + 1) + (last ? ": the last one is for all the rest, *=PRICE" : ": * is only for the last one"));
      }
      BigDecimal to = last ? null : new BigDecimal(entry.group(1)).multiply(unit);
      if (to != null && to.compareTo(from) <= 0) {
        throw new IllegalArgumentException("entry " + (i + 1) + ": its bound must be above the one before");
      }
      tiers.add(new Tier(from, to, new BigDecimal(entry.group(2))));
      from = to == null ? from : to;
    }
    if (tiers.isEmpty()) {
      throw new IllegalArgumentException("there are none; write at least *=PRICE");
    }
    return List.copyOf(tiers);
  }

  /** How much of that quantity lies in this tier. */
  BigDecimal within(BigDecimal quantity) {
    BigDecimal end = to == null ? quantity : quantity.min(to);
    return end.subtract(from).max(BigDecimal.ZERO);
  }
}
