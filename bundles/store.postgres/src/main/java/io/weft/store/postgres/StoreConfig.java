package io.weft.store.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code store.postgres}. */
@ObjectClassDefinition(
    name = "Weft: store on PostgreSQL",
    description = "The database of plugins that keep books: one that is there already, or one that this node runs.")
public @interface StoreConfig {

  @AttributeDefinition(
      required = false,
      description = "JDBC URL of a PostgreSQL 13 or later, such as "
          + "jdbc:postgresql://db1/weft?sslmode=verify-full&sslrootcert=/etc/weft/db.pem; never through a pooler. Left out, this "
          + "node runs a PostgreSQL of its own. Applies at once.")
  String url() default "";

  @AttributeDefinition(
      required = false,
      description = "User to sign in as. Left out, that of the URL, or weft in the node's own. Applies at once.")
  String user() default "";

  @AttributeDefinition(
      required = false,
      description = "Password of the user. Left out, none, or for the node's own one that is made and kept. Applies at once.",
      type = AttributeType.PASSWORD)
  String password() default "";

  @AttributeDefinition(required = false, min = "1", max = "64", description = "Most connections of the pool. Applies at once.")
  int connections() default 10;

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "60000",
      description = "Milliseconds after which an attempt to connect is given up. Applies at once.")
  int timeout_ms() default 5_000;

  @AttributeDefinition(
      required = false,
      description = "Whether missing migrations are applied as soon as a plugin asks for its tables. If not, 'billing migrate "
          + "apply' does it. Applies at once.")
  boolean migrate() default true;

  @AttributeDefinition(
      required = false,
      description = "Where the node's own PostgreSQL keeps everything, below the home or absolute. Left out, "
      + "data/store.postgres, or "
          + "below /var/lib/weft where the user that runs it cannot get to the home. Applies at once.")
  String directory() default "";

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "65535",
      description = "TCP port on 127.0.0.1 of the node's own PostgreSQL; 0 takes a free one and keeps it. Applies at once.")
  int port() default 0;

  @AttributeDefinition(
      required = false,
      description = "User that runs the node's own PostgreSQL if root runs the node. Left out, the first of weft, postgres and "
          + "nobody that there is. Applies at once.")
  String run_as() default "";

  @AttributeDefinition(
      required = false,
      min = "16",
      max = "65536",
      description = "MiB that the node's own PostgreSQL takes for its cache (shared_buffers). Applies at once.")
  int memory_mb() default 128;
}
