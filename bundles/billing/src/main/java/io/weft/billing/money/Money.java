package io.weft.billing.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** How amounts are kept: 18 decimals, so that what a chain counts in its smallest unit fits exactly; rounded half to even. */
public final class Money {

  public static final int SCALE = 18;

  private static final BigDecimal MOST = BigDecimal.TEN.pow(20);

  private Money() {}

  /** @throws ArithmeticException if there is no room for it in the books */
  public static BigDecimal round(BigDecimal amount) {
    BigDecimal rounded = amount.setScale(SCALE, RoundingMode.HALF_EVEN);
    if (rounded.abs().compareTo(MOST) >= 0) {
      throw new ArithmeticException("an amount of 10^20 or more does not fit in the books");
    }
    return rounded;
  }

  /** @throws ArithmeticException if it is negative, which no plan may say, or there is no room for it */
  public static BigDecimal fee(BigDecimal rated) {
    if (rated.signum() < 0) {
      throw new ArithmeticException("a rating plan asked for less than nothing");
    }
    return round(rated);
  }

  /** What moves a balance must be kept exactly: nothing is lost in what came in. */
  public static BigDecimal exact(BigDecimal amount) {
    BigDecimal kept = round(amount);
    if (kept.compareTo(amount) != 0) {
      throw new ArithmeticException("an amount has at most " + SCALE + " decimals");
    }
    return kept;
  }

  /** As people and programs write it: without exponent and without zeros at the end. */
  public static String text(BigDecimal amount) {
    return amount.signum() == 0 ? "0" : amount.stripTrailingZeros().toPlainString();
  }
}
