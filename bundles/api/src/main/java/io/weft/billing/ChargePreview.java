package io.weft.billing;

import java.math.BigDecimal;
import java.util.List;

/**
 * What charging an hour would do now.
 *
 * @param plan by which plan
 * @param charged accounts that would pay
 * @param free accounts that would pay nothing
 * @param skipped accounts that are suspended
 * @param done accounts that were charged for that hour already
 * @param total what would be charged
 * @param largest the largest few, largest first
 */
public record ChargePreview(
    Hour hour, String plan, long charged, long free, long skipped, long done, BigDecimal total, List<Line> largest) {

  public ChargePreview {
    largest = List.copyOf(largest);
  }

  /** One account of it. */
  public record Line(long account, BigDecimal amount, BigDecimal balanceAfter) {}
}
