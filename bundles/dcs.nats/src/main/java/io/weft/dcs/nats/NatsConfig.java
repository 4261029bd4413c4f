package io.weft.dcs.nats;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code dcs.nats}. */
@ObjectClassDefinition(
    name = "Weft: DCS on NATS",
    description = "Coordination on a NATS that is there already, with JetStream, version 2.12 or later; one server from 2.9 on.")
@interface NatsConfig {

  @AttributeDefinition(description = "URLs of servers, such as nats://nats1.example.org:4222 or tls://... Applies at once.")
  String[] servers();

  @AttributeDefinition(
      required = false,
      description = "Name of the bucket, made if it is not there. Left out, it is weft_FABRIC. Applies at once.")
  String bucket() default "";

  @AttributeDefinition(
      required = false,
      min = "1",
      max = "5",
      description = "Servers that keep each write; counts when the bucket is made. Applies at once.")
  int replicas() default 3;

  @AttributeDefinition(required = false, description = "User to sign in as; needs password. Applies at once.")
  String user() default "";

  @AttributeDefinition(required = false, description = "Password of the user. Applies at once.", type = AttributeType.PASSWORD)
  String password() default "";

  @AttributeDefinition(
      required = false,
      description = "Content of a credentials file (JWT and nkey seed), rather than user and password. Applies at once.",
      type = AttributeType.PASSWORD)
  String credentials() default "";

  @AttributeDefinition(
      required = false,
      description = "File with the certificates (PEM) of authorities whose servers are trusted, relative to the home of the "
          + "node. Left "
          + "out, those that Java trusts. Applies at once.")
  String ca() default "";

  @AttributeDefinition(
      required = false,
      description = "Whether servers that a server tells of are used too. Applies at once.")
  boolean discover() default true;

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "9000",
      description = "Milliseconds after which an answer is no longer waited for. Applies at once.")
  int timeout_ms() default 3_000;
}
