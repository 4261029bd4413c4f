package io.weft.dcs;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Changes who keeps the store. Registered by backends whose members are nodes of the fabric, with the property
 * {@link Dcs#BACKEND}. Stages fail with {@link DcsUnavailable} and one clear line if it was not done; the members are in
 * {@link Dcs#status}.
 */
@ConsumerType
public interface DcsMembers {

  /** Adds a node and completes when it has caught up and counts. Done already: nothing happens. */
  CompletionStage<Void> add(String node);

  /**
   * Removes a member; it may be gone for good. Refused if what is left could not decide anything.
   */
  CompletionStage<Void> remove(String node);

  /** Hands the lead to a member. */
  CompletionStage<Void> transfer(String node);

  /** Makes every member keep a snapshot and drop the log before it. */
  CompletionStage<Void> compact();
}
