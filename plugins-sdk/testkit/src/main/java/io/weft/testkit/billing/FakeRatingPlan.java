package io.weft.testkit.billing;

import io.weft.billing.AccountRef;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import java.math.BigDecimal;

/** One price for each unit of one meter. */
public record FakeRatingPlan(String name, String meter, BigDecimal price) implements RatingPlan {

  @Override
  public BigDecimal rate(AccountRef account, Usage usage) {
    return usage.of(meter).multiply(price);
  }
}
