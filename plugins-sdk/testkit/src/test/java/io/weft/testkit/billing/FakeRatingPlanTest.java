package io.weft.testkit.billing;

import io.weft.billing.RatingPlan;
import java.math.BigDecimal;
import java.util.List;

class FakeRatingPlanTest extends RatingPlanContract {

  @Override
  protected RatingPlan plan() {
    return new FakeRatingPlan("fake", "calls", new BigDecimal("0.25"));
  }

  @Override
  protected List<String> meters() {
    return List.of("calls");
  }
}
