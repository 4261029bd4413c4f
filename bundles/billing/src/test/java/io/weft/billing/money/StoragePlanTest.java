package io.weft.billing.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.billing.RatingPlanContract;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoragePlanTest extends RatingPlanContract {

  @Override
  protected RatingPlan plan() {
    return plan(Map.of());
  }

  @Override
  protected List<String> meters() {
    return List.of("storage");
  }

  @Test
  void thePriceIsConfigured() {
    Usage usage = new Usage(Hour.parse("2026-01-01T00"), Map.of("storage", BigDecimal.valueOf(720L << 30)));
    AccountRef account = new AccountRef(1, "");
    assertThat(plan(Map.of("free_bytes", 0L, "price_per_gb_month", "0.25")).rate(account, usage)).isEqualByComparingTo("0.25");
    assertThatThrownBy(() -> plan(Map.of("price_per_gb_month", "cheap")))
        .hasMessage("billing.storage.price.per.gb.month: expected a decimal number such as 3 or 0.25");
    assertThatThrownBy(() -> plan(Map.of("price_per_gb_month", "-1"))).hasMessageContaining("must not be negative");
  }

  private static StoragePlan plan(Map<String, Object> values) {
    return new StoragePlan(FakeConfig.of(StoragePlan.Config.class, values));
  }
}
