package io.weft.testkit.billing;

import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it hears. Any thread. */
public final class FakeBalanceListener implements BalanceListener {

  private final List<BalanceChange> heard = new CopyOnWriteArrayList<>();

  /** All changes so far, in the order in which they came. */
  public List<BalanceChange> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void changed(List<BalanceChange> changes) {
    heard.addAll(changes);
  }
}
