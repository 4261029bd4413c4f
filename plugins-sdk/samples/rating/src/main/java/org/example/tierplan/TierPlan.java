package org.example.tierplan;

import io.weft.billing.AccountRef;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import io.weft.node.HealthCheck;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/**
 * Each unit costs what its tier says, and the first ones are in the first tier, so more use never costs less. A configuration that means
 * nothing makes nothing cheaper: the plan stays and refuses to rate, where a plan that went away would leave its place to another.
 */
@Component(name = "tier-plan", service = {RatingPlan.class, HealthCheck.class}, configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TierPlanConfig.class)
public final class TierPlan implements RatingPlan, HealthCheck {

  /** More than the 18 decimals of the books, so that only they round. */
  private static final int DIGITS = 30;

  private final String meter;
  private final String problem;
  private final List<Tier> tiers;
  private final BigDecimal divisor;

  @Activate
  public TierPlan(TierPlanConfig config) {
    this.meter = config.meter();
    this.divisor = BigDecimal.valueOf(config.unit()).multiply(BigDecimal.valueOf(config.hours()));
    List<Tier> parsed = List.of();
    String wrong = "";
    try {
      parsed = Tier.parse(List.of(config.tiers()), BigDecimal.valueOf(config.unit()));
    } catch (IllegalArgumentException e) {
      wrong = "tier-plan.tiers: " + e.getMessage();
    }
    this.tiers = parsed;
    this.problem = wrong;
  }

  @Override
  public String name() {
    return "tier-plan";
  }

  @Override
  public BigDecimal rate(AccountRef account, Usage usage) {
    if (!problem.isEmpty()) {
      throw new IllegalStateException(problem);
    }
    BigDecimal quantity = usage.of(meter);
    BigDecimal sum = BigDecimal.ZERO;
    for (Tier tier : tiers) {
      sum = sum.add(tier.within(quantity).multiply(tier.price()));
    }
    return sum.divide(divisor, DIGITS, RoundingMode.HALF_EVEN);
  }

  @Override
  public List<HealthResult> check() {
    return problem.isEmpty() ? List.of() : List.of(new HealthResult("tier-plan", HealthKind.readiness, HealthStatus.critical,
        problem + "; nothing is charged until this is corrected"));
  }
}
