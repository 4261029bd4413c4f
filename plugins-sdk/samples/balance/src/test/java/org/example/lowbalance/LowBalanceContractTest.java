package org.example.lowbalance;

import io.weft.billing.AccountRef;
import io.weft.billing.AccountState;
import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceListener;
import io.weft.testkit.billing.BalanceListenerContract;
import java.math.BigDecimal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.jspecify.annotations.Nullable;

/** What every listener keeps to. */
class LowBalanceContractTest extends BalanceListenerContract {

  private Receiver receiver;
  private @Nullable LowBalance listener;

  @BeforeEach
  void open() throws Exception {
    receiver = new Receiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Override
  protected BalanceListener listener() {
    if (listener == null) {
      listener = LowBalanceTest.listener(receiver.url(), "");
    }
    return listener;
  }

  @Override
  protected BalanceChange news(AccountRef account) {
    return new BalanceChange(account, BalanceChange.Cause.CHARGE, new BigDecimal("4.99"), AccountState.ACTIVE);
  }

  @Override
  protected int seen() {
    return receiver.notices().size();
  }

  @Override
  protected void hang() {
    receiver.hang = true;
  }

  @Override
  protected void stop() {
    if (listener != null) {
      listener.close();
    }
  }

  @Override
  protected boolean isOfTest(Thread thread) {
    return thread.getName().equals(Receiver.THREADS) || thread.getName().startsWith("HTTP-Dispatcher");
  }
}
