package io.weft.testkit.billing;

import io.weft.billing.AccountRef;
import io.weft.billing.Hour;
import io.weft.billing.MeterSource;
import java.math.BigDecimal;

class FakeMeterSourceTest extends MeterSourceContract {

  private final FakeMeterSource source = new FakeMeterSource("calls");

  @Override
  protected MeterSource source() {
    return source;
  }

  @Override
  protected void use(AccountRef account, Hour hour, long quantity) {
    source.use(account.number(), hour, BigDecimal.valueOf(quantity));
  }

  @Override
  protected void breakDown() {
    source.broken(true);
  }
}
