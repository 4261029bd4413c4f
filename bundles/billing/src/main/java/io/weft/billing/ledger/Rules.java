package io.weft.billing.ledger;

import io.weft.billing.money.CreditRule;
import java.math.BigDecimal;
import java.time.Duration;

/**
 * What is configured, for the books.
 *
 * @param settle how long after its end an hour is charged, so that late readings count
 * @param catchUpMax hours that may be owed; more stops the charging, since a clock may be wrong
 * @param idempotency whether a charge exists once per account and hour
 * @param fencing whether the database refuses those who lost their lease
 * @param batchMax accounts in one transaction at most
 * @param dust smallest deposit that counts
 */
public record Rules(
    Duration settle, long catchUpMax, boolean idempotency, boolean fencing, int batchMax, BigDecimal dust, CreditRule credit) {

  /** As a new fabric has it. */
  public static final Rules DEFAULT = new Rules(
      Duration.ofMinutes(5), 744, true, true, 10_000, new BigDecimal("0.001"), new CreditRule(BigDecimal.ZERO));
}
