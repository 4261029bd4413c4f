package io.weft.billing;

import java.math.BigDecimal;

/**
 * What a meter showed: it holds from that hour on, until the next reading.
 *
 * @param identity of the account, as it was opened
 * @param meter such as {@code storage}
 * @param hour from when on
 * @param quantity not negative; for {@code storage}, bytes
 */
public record Reading(String identity, String meter, Hour hour, BigDecimal quantity) {

  public Reading {
    if (quantity.signum() < 0) {
      throw new IllegalArgumentException("a meter does not show less than nothing");
    }
  }

  /** Says nothing of who it is. */
  @Override
  public String toString() {
    return "Reading[meter=" + meter + ", hour=" + hour + ", quantity=" + quantity + "]";
  }
}
