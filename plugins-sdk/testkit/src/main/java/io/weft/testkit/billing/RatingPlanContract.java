package io.weft.testkit.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.RatingPlan;
import io.weft.billing.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RatingPlan} keeps to: never less than nothing, the same answer to the same question, and an answer to any usage.
 * Extend it, and say which meters the plan looks at.
 */
public abstract class RatingPlanContract {

  private static final int NAME_MAX = 64;
  private static final Hour HOUR = Hour.parse("2026-03-29T01");
  private static final AccountRef ACCOUNT = new AccountRef(1, "00".repeat(32));

  /** The plan under test. */
  protected abstract RatingPlan plan();

  /** The meters that it looks at; at least one. */
  protected abstract List<String> meters();

  @Test
  public void hasAConstantName() {
    assertThat(plan().name()).isEqualTo(plan().name()).isNotBlank().hasSizeLessThanOrEqualTo(NAME_MAX);
  }

  @Test
  public void answersAnyUsageWithWhatIsNotNegative() {
    RatingPlan plan = plan();
    for (Usage usage : usages()) {
      assertThat(plan.rate(ACCOUNT, usage)).as("for %s", usage).isNotNull().isGreaterThanOrEqualTo(BigDecimal.ZERO);
    }
  }

  @Test
  public void answersTheSameQuestionAlwaysTheSame() {
    RatingPlan plan = plan();
    for (Usage usage : usages()) {
      BigDecimal first = plan.rate(ACCOUNT, usage);
      assertThat(IntStream.range(0, 200).parallel().mapToObj(i -> plan.rate(ACCOUNT, usage)))
          .allSatisfy(again -> assertThat(again).isEqualByComparingTo(first));
    }
  }

  @Test
  public void moreUseNeverCostsLess() {
    RatingPlan plan = plan();
    for (String meter : meters()) {
      BigDecimal before = BigDecimal.ZERO;
      for (int power = 0; power <= 20; power++) {
        BigDecimal fee = plan.rate(ACCOUNT, new Usage(HOUR, Map.of(meter, BigDecimal.TEN.pow(power))));
        assertThat(fee).as("10^%s of %s", power, meter).isGreaterThanOrEqualTo(before);
        before = fee;
      }
    }
  }

  private List<Usage> usages() {
    List<Usage> all = new ArrayList<>(List.of(new Usage(HOUR, Map.of()), new Usage(HOUR, Map.of("no-such-meter", BigDecimal.TEN))));
    for (String meter : meters()) {
      for (String quantity : List.of("0", "0.000000001", "1", "524288000", "9223372036854775807", "123456789.987654321")) {
        all.add(new Usage(HOUR, Map.of(meter, new BigDecimal(quantity))));
      }
    }
    return all;
  }
}
