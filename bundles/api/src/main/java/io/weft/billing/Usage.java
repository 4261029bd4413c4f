package io.weft.billing;

import java.math.BigDecimal;
import java.util.Map;

/**
 * What one account used in one hour.
 *
 * @param quantities by {@link MeterSource#meter}; what is not in it was not used
 */
public record Usage(Hour hour, Map<String, BigDecimal> quantities) {

  public Usage {
    quantities = Map.copyOf(quantities);
  }

  /** Zero if there is no such meter. */
  public BigDecimal of(String meter) {
    return quantities.getOrDefault(meter, BigDecimal.ZERO);
  }
}
