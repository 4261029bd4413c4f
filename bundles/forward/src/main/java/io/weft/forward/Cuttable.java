package io.weft.forward;

import io.weft.node.Reason;
import java.util.Map;
import java.util.function.Consumer;

/** A connection or flow that can be ended from outside. Any thread; idempotent. */
interface Cuttable {
  void cut(Reason reason);

  /**
   * The next version of this bundle takes it: as soon as it is open, the heir gets it as {@link Moving#things}, on its loop. A flow of
   * datagrams has nothing to move; it ends, and the next datagram begins another.
   */
  default void bequeath(Consumer<Map<String, Object>> heir) {
    cut(Reason.of("forward_updated"));
  }
}
