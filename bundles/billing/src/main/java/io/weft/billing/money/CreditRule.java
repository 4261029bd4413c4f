package io.weft.billing.money;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * When an account is suspended and when that is lifted. Between the two thresholds it stays as it is, so that it does not go to
 * and fro with every small payment.
 *
 * @param margin how far above zero a balance has to be to be lifted; not negative
 */
public record CreditRule(BigDecimal margin) {

  /** The first rule as a condition of SQL on {@code accounts}, beside its Java form and tested against it. */
  public static final String SUSPEND = "balance < least(-credit_limit, coalesce(excused, -credit_limit))";

  /** The second one; its parameter is the margin. */
  public static final String LIFT = "balance > ?";

  public CreditRule {
    if (margin.signum() < 0) {
      throw new IllegalArgumentException("billing.lift.above: must not be negative");
    }
  }

  /**
   * It owes more than it may.
   *
   * @param excused what the balance was when it was lifted because it used next to nothing: only a further charge suspends it
   *     again; null if it was not
   */
  public boolean suspends(BigDecimal balance, BigDecimal creditLimit, @Nullable BigDecimal excused) {
    BigDecimal limit = creditLimit.negate();
    return balance.compareTo(excused == null ? limit : limit.min(excused)) < 0;
  }

  /** It has paid, or uses so little that it pays nothing. */
  public boolean lifts(BigDecimal balance, BigDecimal feeNow) {
    return balance.compareTo(margin) > 0 || feeNow.signum() == 0;
  }
}
