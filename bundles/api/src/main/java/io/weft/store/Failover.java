package io.weft.store;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Moves the database to a replica by the book: the old primary is fenced first, it is proved that nobody can write there and that
 * the
 * replica has everything, and only then the replica is promoted. What cannot be proved is not done. Blocks: any thread that may.
 */
@ProviderType
public interface Failover {

  /**
   * Looks whether it could be done. Changes nothing.
   *
   * @param replica {@code host:port}, one of those in the URL of the database
   */
  FailoverReport plan(String replica);

  /**
   * Does it, and keeps a transcript. If the fence cannot be proved it is taken off again and everything is as before.
   *
   * @param replica see {@link #plan}
   */
  FailoverReport run(String replica);
}
