package org.example.tierplan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.Usage;
import io.weft.testkit.FakeConfig;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What which quantity costs. */
class TierPlanTest {

  private static final AccountRef ACCOUNT = new AccountRef(1, "00".repeat(32));

  private static TierPlan plan(String... tiers) {
    return new TierPlan(FakeConfig.of(TierPlanConfig.class, Map.of("meter", "calls", "unit", 1000L, "hours", 720L, "tiers", tiers)));
  }

  private static BigDecimal fee(TierPlan plan, String quantity) {
    return plan.rate(ACCOUNT, new Usage(Hour.parse("2026-01-31T09"), Map.of("calls", new BigDecimal(quantity))));
  }

  /** Times 720 hours: what a month costs. The first 10 units are free, then 7.20 each, from 100 on 3.60. */
  @ParameterizedTest
  @CsvSource({"0,0", "10000,0", "10001,0.0072", "11000,7.20", "100000,648", "100001,648.0036", "101000,651.60", "0.001,0"})
  void eachUnitCostsWhatItsTierSays(String quantity, String month) {
    BigDecimal fee = fee(plan("10=0", "100=7.20", "*=3.60"), quantity);
    assertThat(fee.multiply(BigDecimal.valueOf(720))).isEqualByComparingTo(month);
  }

  @Test
  void whatDoesNotComeOutEvenHasMoreDigitsThanTheBooks() {
    assertThat(fee(plan("*=1"), "1000")).isEqualTo(new BigDecimal("0.001388888888888888888888888889"));
  }

  @Test
  void tiersThatMeanNothingChargeNobodyAndSaySo() {
    for (String[] bad : new String[][] {{}, {"10=0"}, {"*=1", "*=2"}, {"20=1", "10=2", "*=1"}, {"10=-1", "*=1"}, {"1e3=1", "*=1"}, {"10", "*=1"}}) {
      TierPlan plan = plan(bad);
      assertThatThrownBy(() -> fee(plan, "5")).as(List.of(bad).toString()).isInstanceOf(IllegalStateException.class).hasMessageStartingWith("tier-plan.tiers: ");
      assertThat(plan.check()).singleElement().satisfies(r -> assertThat(r.message()).endsWith("nothing is charged until this is corrected"));
    }
    assertThat(plan("*=1").check()).isEmpty();
  }
}
