package io.weft.store;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The schemas that plugins of this node need. One runner at a time in all nodes of a database; who comes second waits, and then
 * finds the work done. Blocks: any thread that may.
 */
@ProviderType
public interface Migrations {

  /** All schemas that a {@link SchemaSource} names, by name; asks the database. */
  List<SchemaInfo> status();

  /**
   * What {@link #apply} would do: one line per step, and what is in the way. Changes nothing that stays.
   *
   * @throws MigrationRefused if no plugin has this schema, or the database does not answer
   */
  List<String> plan(String schema) throws MigrationRefused;

  /**
   * Applies what is missing, and takes a hold off. Adopts a schema that looks as ours does.
   *
   * @return what was done, one line per step
   * @throws MigrationRefused with one line that says what is in the way and what to do. Steps before the one that failed stay.
   */
  List<String> apply(String schema) throws MigrationRefused;

  /**
   * Goes back to a version and holds the schema there, so that no node applies anything until {@link #apply}.
   *
   * @param version 0 takes everything back
   * @return what was done, one line per step
   * @throws MigrationRefused if a step has no way back or would lose data; nothing of that step happened
   */
  List<String> down(String schema, int version) throws MigrationRefused;
}
