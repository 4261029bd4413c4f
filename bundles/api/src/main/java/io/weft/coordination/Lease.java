package io.weft.coordination;

import io.weft.dcs.WriteResult;
import io.weft.node.Reason;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A lease that this node holds, or held. It is for efficiency; what must be safe passes {@link #token} to where the effect is,
 * which refuses a smaller one than it has seen. Once lost it stays lost: the next one has another token.
 */
@ProviderType
public interface Lease {

  String name();

  /** Larger than that of every earlier holder. */
  long token();

  /** Whether it is held now. Ask right before each step that only the holder may do; it is cheap. */
  boolean isHeld();

  /** How long it is held if no renewal succeeds any more; zero once lost. */
  Duration remaining();

  /** Completes once when it is lost or released. News, not the guard: that is {@link #isHeld}. */
  CompletionStage<Reason> ended();

  /** Gives it up. From the call on it is not held. Idempotent. */
  CompletionStage<WriteResult> release();
}
