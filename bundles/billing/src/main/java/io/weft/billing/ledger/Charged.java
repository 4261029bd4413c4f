package io.weft.billing.ledger;

import java.math.BigDecimal;

/**
 * What was charged.
 *
 * @param free accounts that pay nothing
 * @param skipped accounts that are suspended
 * @param amount in all; not negative
 */
public record Charged(long charged, long free, long skipped, BigDecimal amount) {

  static final Charged NOTHING = new Charged(0, 0, 0, BigDecimal.ZERO);

  Charged plus(Charged other) {
    return new Charged(
        charged + other.charged, free + other.free, skipped + other.skipped, amount.add(other.amount));
  }
}
