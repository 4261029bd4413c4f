package io.weft.billing.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {

  /** What is stored, and what an hour of it costs; worked out with fractions elsewhere. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      0                       | 0
      1                       | 0
      524287999               | 0
      524288000               | 0
      524288001               | 0.000000000003880511
      1598029824              | 0.004166666666666667
      11261706240             | 0.041666666666666667
      773618434048            | 3.000000127156575521
      774130434048            | 3.001986948649088542
      1125899906842624        | 4369.064632161458333333
      9223372036854775807     | 35791394.131298828121119489
      """)
  void anHourOfStorage(BigDecimal bytes, BigDecimal fee) {
    assertThat(Money.fee(StoragePrice.DEFAULT.of(bytes))).isEqualByComparingTo(fee);
  }

  @Test
  void sevenHundredAndTwentyHoursAreTheWholeMonth() {
    BigDecimal hour = Money.fee(StoragePrice.DEFAULT.of(BigDecimal.valueOf(524_288_000L + (240L << 30))));
    assertThat(hour).isEqualByComparingTo("1");
    assertThat(hour.multiply(BigDecimal.valueOf(720))).isEqualByComparingTo("720");
  }

  /** Half of the last place goes to the even neighbour, so that rounding favours nobody. */
  @ParameterizedTest
  @CsvSource({
    "0.0000000000000000005, 0", "0.0000000000000000015, 0.000000000000000002", "0.0000000000000000025, 0.000000000000000002",
    "0.00000000000000000051, 0.000000000000000001", "1, 1", "99999999999999999999, 99999999999999999999"
  })
  void rounding(BigDecimal given, BigDecimal kept) {
    assertThat(Money.round(given)).isEqualByComparingTo(kept);
  }

  @Test
  void whatDoesNotFitIsRefusedAndNotBent() {
    assertThatThrownBy(() -> Money.round(BigDecimal.TEN.pow(20))).hasMessageContaining("10^20");
    assertThatThrownBy(() -> Money.exact(new BigDecimal("0.0000000000000000001"))).hasMessageContaining("18 decimals");
    assertThatThrownBy(() -> Money.fee(new BigDecimal("-1"))).hasMessageContaining("less than nothing");
  }

  @ParameterizedTest
  @CsvSource({"0.000, 0", "1.500, 1.5", "1E+3, 1000", "-0.041666666666666667, -0.041666666666666667", "100, 100"})
  void text(BigDecimal given, String expected) {
    assertThat(Money.text(given)).isEqualTo(expected);
  }

  /** Balance, credit limit, what it was excused with, whether it is suspended. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, , false", "-0.000000000000000001, 0, , true", "-10, 10, , false", "-10.01, 10, , true", "5, 0, , false",
    "-5, 0, -5, false", "-5.1, 0, -5, true", "-5, 10, -1, false", "-11, 10, -1, true"
  })
  void suspension(BigDecimal balance, BigDecimal limit, BigDecimal excused, boolean suspended) {
    assertThat(new CreditRule(BigDecimal.ZERO).suspends(balance, limit, excused)).isEqualTo(suspended);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 1, false", "0.1, 0, 1, true", "1, 1, 1, false", "1.1, 1, 1, true", "-9, 0, 0, true"})
  void lifting(BigDecimal balance, BigDecimal margin, BigDecimal fee, boolean lifted) {
    assertThat(new CreditRule(margin).lifts(balance, fee)).isEqualTo(lifted);
  }
}
