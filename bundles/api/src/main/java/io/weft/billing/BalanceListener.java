package io.weft.billing;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears of balances that changed, after that was committed. On the node that did it, and only there; when that node dies right
 * then, nobody does. So it is news, for caches and notices; what must not miss anything reads the ledger.
 */
@ConsumerType
public interface BalanceListener {

  /** Called on the thread of a job or command, which waits for it: return at once. What it throws is logged, nothing else. */
  void changed(List<BalanceChange> changes);
}
