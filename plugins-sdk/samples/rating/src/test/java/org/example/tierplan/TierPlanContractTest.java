package org.example.tierplan;

import io.weft.billing.RatingPlan;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.billing.RatingPlanContract;
import java.util.List;
import java.util.Map;

/** What every rating plan keeps to. */
class TierPlanContractTest extends RatingPlanContract {

  @Override
  protected RatingPlan plan() {
    return new TierPlan(FakeConfig.of(TierPlanConfig.class, Map.of()));
  }

  @Override
  protected List<String> meters() {
    return List.of("storage");
  }
}
