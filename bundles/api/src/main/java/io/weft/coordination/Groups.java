package io.weft.coordination;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Gives the members of a group the numbers 0 to n-1, one each. An instance that comes back gets its old number if nobody has it;
 * a number that was never given goes before one that another instance had. Any thread; nothing blocks.
 */
@ProviderType
public interface Groups {

  /**
   * Waits for a number and takes it. Cancelling the future stops waiting.
   *
   * @param group a name, see {@link io.weft.node.Names}
   * @param instance who claims: a name that stays the same over restarts
   * @param size how many numbers there are; 1 to 1024, the same for all who claim
   */
  CompletableFuture<Seat> claim(String group, String instance, int size);

  /** Who has which number, or had it last. Fails with {@link io.weft.dcs.DcsUnavailable}. */
  CompletionStage<List<SeatInfo>> list(String group);
}
