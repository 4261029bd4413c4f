package io.weft.billing;

import java.math.BigDecimal;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Turns usage into money. Registered as a service; the one of the highest ranking counts, and the plan that ships has the lowest.
 */
@ConsumerType
public interface RatingPlan {

  /** For people, such as {@code storage}; at most 64 characters. Constant. */
  String name();

  /**
   * What the account pays for that hour; not negative. Must depend on nothing but its arguments, be quick and safe to call from
   * any thread. Rounded to 18 decimals, half to even, by whoever asks: give what is exact, or at least 20 digits.
   */
  BigDecimal rate(AccountRef account, Usage usage);
}
