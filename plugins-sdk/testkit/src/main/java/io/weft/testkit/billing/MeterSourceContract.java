package io.weft.testkit.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MeterSource} keeps to: it answers for whom it was asked, the same each time, and says so when it does not know.
 * Extend it.
 */
public abstract class MeterSourceContract {

  private static final Hour HOUR = Hour.parse("2026-01-31T09");
  private static final AccountRef STRANGER = new AccountRef(4_711, "ee".repeat(32));

  /** The source under test. */
  protected abstract MeterSource source() throws Exception;

  /** Makes this account use so much in that hour. */
  protected abstract void use(AccountRef account, Hour hour, long quantity) throws Exception;

  /** From now on what the source asks does not answer. */
  protected abstract void breakDown() throws Exception;

  @Test
  public void hasAConstantName() throws Exception {
    assertThat(source().meter()).isEqualTo(source().meter()).matches("[a-z0-9][a-z0-9-]{0,62}");
  }

  @Test
  public void saysWhatWasUsedInThatHourTheSameEachTime() throws Exception {
    AccountRef account = new AccountRef(17, "ab".repeat(32));
    use(account, HOUR, 1_000);
    for (int i = 0; i < 3; i++) {
      Map<Long, BigDecimal> read = source().read(HOUR, List.of(account, STRANGER));
      assertThat(read.get(17L)).isEqualByComparingTo("1000");
      assertThat(read.getOrDefault(STRANGER.number(), BigDecimal.ZERO)).isEqualByComparingTo("0");
    }
  }

  @Test
  public void answersOnlyForThoseWhoWereAskedFor() throws Exception {
    use(new AccountRef(17, "ab".repeat(32)), HOUR, 1_000);
    assertThat(source().read(HOUR, List.of(STRANGER)).keySet()).isSubsetOf(STRANGER.number());
    assertThat(source().read(HOUR, List.of())).isEmpty();
  }

  @Test
  public void whatIsNotKnownIsThrownAndNotZero() throws Exception {
    MeterSource source = source();
    breakDown();
    assertThatThrownBy(() -> source.read(HOUR, List.of(STRANGER))).isInstanceOf(Exception.class);
  }
}
