package io.weft.coordination;

import io.weft.dcs.WriteResult;
import io.weft.node.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to act alone in the fabric, by name. Names follow {@link io.weft.node.Names}, or are several of these joined by
 * slashes. Any thread; nothing blocks. A node without DCS, or whose DCS does not answer, never holds a lease; who waits goes on
 * waiting.
 */
@ProviderType
public interface Leases {

  /**
   * Waits for the lease and takes it, once. Cancelling the future stops waiting. Several waiters of one name in a node compete as
   * if they were on different nodes.
   *
   * @param ttl how long others wait after the holder is gone; brought into the bounds of the DCS
   */
  CompletableFuture<Lease> acquire(String name, Duration ttl);

  /** Wants the lease again and again, until the registration is closed, which also gives it up. */
  Registration contend(String name, Duration ttl, LeaseHolder holder);

  /** All leases that somebody holds, by name. Fails with {@link io.weft.dcs.DcsUnavailable}. */
  CompletionStage<List<LeaseInfo>> list();

  /** One of them; empty if nobody holds it. */
  CompletionStage<Optional<LeaseInfo>> show(String name);

  /**
   * Takes the lease away from whoever holds it with this token. For operators: the holder hears of it a moment later than whoever
   * wins next, so only the token keeps the two apart.
   */
  CompletionStage<WriteResult> release(String name, long token);
}
