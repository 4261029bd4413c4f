package io.weft.forward;

import io.weft.node.Reason;

/** A connection or flow that can be ended from outside. Any thread; idempotent. */
interface Cuttable {
  void cut(Reason reason);
}
