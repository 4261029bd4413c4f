package io.weft.billing.ledger;

import io.weft.billing.BalanceChange;
import io.weft.billing.BalanceListener;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells those who want to know of balances that changed. */
public final class Notices {

  private static final Logger log = LoggerFactory.getLogger(Notices.class);

  private final Supplier<List<BalanceListener>> listeners;

  public Notices(Supplier<List<BalanceListener>> listeners) {
    this.listeners = listeners;
  }

  boolean isWanted() {
    return !listeners.get().isEmpty();
  }

  void tell(List<BalanceChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    List<BalanceChange> all = List.copyOf(changes);
    for (BalanceListener listener : listeners.get()) {
      try {
        listener.changed(all);
      } catch (RuntimeException e) {
        log.warn("balance listener failed class={} problem=\"{}\"", listener.getClass().getName(), SqlFailures.inWords(e));
      }
    }
  }
}
