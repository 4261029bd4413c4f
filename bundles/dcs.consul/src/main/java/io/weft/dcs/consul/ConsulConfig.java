package io.weft.dcs.consul;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code dcs.consul}. */
@ObjectClassDefinition(name = "Weft: DCS on Consul",
    description = "Coordination on a Consul that is there already, version 1.7 or later.")
@interface ConsulConfig {

  @AttributeDefinition(description = "URLs of agents or servers, such as https://127.0.0.1:8501. Applies at once.")
  String[] endpoints();

  @AttributeDefinition(
      required = false,
      description = "Beginning of all keys, ending with a slash. Left out, it is weft/FABRIC/. Applies at once.")
  String prefix() default "";

  @AttributeDefinition(required = false, description = "ACL token. Applies at once.", type = AttributeType.PASSWORD)
  String token() default "";

  @AttributeDefinition(
      required = false,
      description = "File with the certificates (PEM) of authorities whose servers are trusted, relative to the home of the "
          + "node. "
          + "Left out, those that Java trusts. Applies at once.")
  String ca() default "";

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "60000",
      description = "Milliseconds that a key cannot be locked after its session ended otherwise than by its holder (lock delay). "
          + "Applies to new sessions.")
  long lock_delay_ms() default 0;

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "9000",
      description = "Milliseconds after which an answer is no longer waited for. Applies at once.")
  int timeout_ms() default 3_000;
}
