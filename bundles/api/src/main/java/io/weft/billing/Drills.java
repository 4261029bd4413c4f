package io.weft.billing;

import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Proofs that money is safe here, with this database: contenders, kills and replays on books of their own, in a schema that is
 * made for the drill and dropped after it. The real books are only looked at.
 */
@ProviderType
public interface Drills {

  /** What each one proves, by name, in order. */
  Map<String, String> titles();

  /**
   * Runs one; blocks for some seconds.
   *
   * @throws IllegalArgumentException if there is none of that name
   * @throws BillingUnavailable if the database does not answer, or its user may not make a schema
   */
  DrillReport run(String name);
}
