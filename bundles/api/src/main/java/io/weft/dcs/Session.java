package io.weft.dcs;

import io.weft.node.Reason;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A sign of life that the store watches. It renews itself; if it cannot, it ends here before it ends there.
 *
 * <p>Each renewal that the store confirmed moves {@link #deadlineNanos} to the moment when that renewal was <em>sent</em> plus
 * the TTL, minus a margin for clocks that run at different speeds. The store ends the session a TTL after it <em>received</em>
 * the last renewal at the earliest (later is normal, twice the TTL is allowed). So the holder always knows first, and must ask
 * {@link #isAlive} right before each step that only it may do; a process that was stopped for an hour gets the truth from that,
 * whatever its threads have run by then.
 */
@ConsumerType
public interface Session {

  /** Unique in the store, for ever. */
  String id();

  /** As given to {@link Dcs#open}. */
  String name();

  Duration ttl();

  /** The local deadline, on the {@link io.weft.node.Clock#nanos monotonic clock}. */
  long deadlineNanos();

  /** Whether it is neither over nor past its deadline, now. */
  boolean isAlive();

  /**
   * Completes once when it is over: the deadline passed ({@code deadline}), the store ended it ({@code expired}), it was closed
   * ({@code closed}) or the backend stopped ({@code stopped}). Once over, it stays over. This is news, not the guard: that is
   * {@link #isAlive}.
   */
  CompletionStage<Reason> ended();

  /**
   * Ends it now and deletes its keys. From the call on {@link #isAlive} is false. Idempotent. Completes when the store confirmed;
   * if it does not answer, the TTL does the rest, and the stage completes all the same.
   */
  CompletionStage<Void> close();
}
