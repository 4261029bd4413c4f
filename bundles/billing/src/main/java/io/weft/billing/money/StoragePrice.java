package io.weft.billing.money;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The price of stored bytes for an hour: what is beyond the free bytes, in units of 2^30 bytes, times the price of a month, by
 * 720.
 *
 * @param freeBytes cost nothing
 * @param perMonth price of 2^30 bytes for a month
 */
public record StoragePrice(BigDecimal freeBytes, BigDecimal perMonth) {

  /** 500 MiB free, 3 for each GB and month. */
  public static final StoragePrice DEFAULT = new StoragePrice(BigDecimal.valueOf(524_288_000), BigDecimal.valueOf(3));

  /** Every month has 30 days. */
  private static final BigDecimal HOURS = BigDecimal.valueOf(720);
  private static final BigDecimal GIGABYTE = BigDecimal.valueOf(1L << 30);
  private static final MathContext PRECISE = new MathContext(60, RoundingMode.HALF_EVEN);

  public StoragePrice {
    if (freeBytes.signum() < 0 || perMonth.signum() < 0) {
      throw new IllegalArgumentException("billing.storage: free bytes and price must not be negative");
    }
  }

  /** Not rounded to what the books keep. */
  public BigDecimal of(BigDecimal bytes) {
    BigDecimal charged = bytes.subtract(freeBytes);
    if (charged.signum() <= 0) {
      return BigDecimal.ZERO;
    }
    // All of it is multiplied before anything is divided, so that only one rounding is left.
    return charged.multiply(perMonth).divide(GIGABYTE.multiply(HOURS), PRECISE);
  }
}
