package io.weft.testkit.billing;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceListener;
import java.math.BigDecimal;

class FakeBalanceListenerTest extends BalanceListenerContract {

  private final FakeBalanceListener listener = new FakeBalanceListener();

  @Override
  protected BalanceListener listener() {
    return listener;
  }

  @Override
  protected BalanceChange news(AccountRef account) {
    return new BalanceChange(account, BalanceChange.Cause.CHARGE, BigDecimal.ONE, AccountState.values()[0]);
  }

  @Override
  protected int seen() {
    return listener.heard().size();
  }

  @Override
  protected void hang() {
    // it talks to nobody
  }

  @Override
  protected void stop() {
    // nothing of it runs
  }
}
