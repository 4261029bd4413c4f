package io.weft.store;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The tables that a plugin needs. Registered as a service by the plugin; the store makes them so, or says why not, and then
 * registers a {@link ReadySchema} of this name.
 */
@ConsumerType
public interface SchemaSource {

  /** Name of the schema, {@code [a-z][a-z0-9_]{0,47}}; nobody else's. Constant. */
  String schema();

  /**
   * Every migration that there ever was, in order, numbered 1, 2, 3 without gaps. Constant. What was released is never changed:
   * its checksum is compared with the one that was written down when it was applied.
   */
  List<Migration> migrations();
}
