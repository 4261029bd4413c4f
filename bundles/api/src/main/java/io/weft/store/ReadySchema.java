package io.weft.store;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A schema whose migrations are all applied. Registered with the property {@value #SCHEMA}, so that a component can wait for its
 * tables: {@code @Reference(target = "(weft.schema=billing)") ReadySchema}. It goes before a migration is taken back; that the
 * server does not answer for a while changes nothing.
 */
@ProviderType
public interface ReadySchema {

  /** Service property: the name of the schema. */
  String SCHEMA = "weft.schema";

  String schema();

  /** Number of the last migration. */
  int version();
}
