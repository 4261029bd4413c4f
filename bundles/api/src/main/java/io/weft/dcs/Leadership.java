package io.weft.dcs;

import io.weft.node.Reason;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The right to act alone, for a while. For efficiency; what must be safe checks the token where the effect is: a resource that
 * has seen a larger token refuses a smaller one.
 */
@ConsumerType
public interface Leadership {

  Election election();

  /** Larger than the token of every earlier leader of this election. */
  long token();

  /**
   * Whether it holds now; false from the local deadline of the session on, before anybody else can win. Ask right before you act.
   */
  boolean isHeld();

  /** Until when it holds if no renewal succeeds any more; on the monotonic clock. */
  long deadlineNanos();

  /**
   * Completes once when it is over: {@code resigned}, {@code deposed} (the key is gone or somebody else's), or the reason of the
   * session.
   */
  CompletionStage<Reason> ended();

  /**
   * Gives it up. From the call on {@link #isHeld} is false. Idempotent. If the outcome is not done, the end of the session frees
   * it.
   */
  CompletionStage<WriteResult> resign();
}
