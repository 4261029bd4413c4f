package io.weft.dcs.postgres;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code dcs.postgres}. */
@ObjectClassDefinition(
    name = "Weft: DCS on PostgreSQL",
    description = "Coordination in tables of a PostgreSQL that is there already, version 12 or later.")
@interface PgConfig {

  @AttributeDefinition(
      description = "JDBC URL of the database, such as jdbc:postgresql://db1:5432,db2:5432/weft?targetServerType=primary. "
          + "Never through a "
          + "pooler, and never a database whose fail-over is decided by this DCS. Applies at once.")
  String url();

  @AttributeDefinition(required = false, description = "User to sign in as. Left out, that of the URL. Applies at once.")
  String user() default "";

  @AttributeDefinition(required = false, description = "Password of the user. Applies at once.", type = AttributeType.PASSWORD)
  String password() default "";

  @AttributeDefinition(
      required = false,
      description = "Schema that the tables are in, made if it is not there. Left out, it is weft_FABRIC. Applies at once.")
  String schema() default "";

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "9000",
      description = "Milliseconds after which an answer is no longer waited for. Applies at once.")
  int timeout_ms() default 3_000;

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "32",
      description = "Most connections for reading and writing; two more are kept for sessions and for notifications. Applies "
          + "at once.")
  int connections() default 4;

  @AttributeDefinition(
      required = false,
      min = "100",
      max = "1000000",
      description = "Changes that are kept, so that watches can go on where they were. Applies at once.")
  int history() default 10_000;

  @AttributeDefinition(
      required = false,
      description = "Whether a session ends as soon as its connection is gone (its advisory lock is free), rather than after "
          + "its TTL: take-over "
          + "within a second when a process dies, but a restart of the database ends all sessions before their holders need "
              + "know. "
          + "Applies at once.")
  boolean release_on_disconnect() default false;
}
