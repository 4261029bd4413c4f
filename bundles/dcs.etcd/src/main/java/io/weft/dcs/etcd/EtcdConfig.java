package io.weft.dcs.etcd;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Section {@code dcs.etcd}. */
@ObjectClassDefinition(name = "Weft: DCS on etcd", description = "Coordination on an etcd that is there already, version 3.4 "
    + "or later.")
@interface EtcdConfig {

  @AttributeDefinition(description = "Client URLs of the members, such as https://etcd1.example.org:2379. Applies at once.")
  String[] endpoints();

  @AttributeDefinition(
      required = false,
      description = "Beginning of all keys, ending with a slash. Left out, it is weft/FABRIC/. Applies at once.")
  String prefix() default "";

  @AttributeDefinition(required = false, description = "User to sign in as; empty for an etcd that asks nobody. Applies at once.")
  String user() default "";

  @AttributeDefinition(required = false, description = "Password of the user. Applies at once.", type = AttributeType.PASSWORD)
  String password() default "";

  @AttributeDefinition(
      required = false,
      description = "File with the certificates (PEM) of authorities whose servers are trusted, relative to the home of the "
          + "node. Left out, "
          + "those that Java trusts. Applies at once.")
  String ca() default "";

  @AttributeDefinition(
      required = false,
      description = "File with the certificate chain (PEM) of this client, relative to the home of the node. Applies at once.")
  String cert() default "";

  @AttributeDefinition(
      required = false,
      description = "Private key (PEM, PKCS #8) of this client. Applies at once.",
      type = AttributeType.PASSWORD)
  String key() default "";

  @AttributeDefinition(
      required = false,
      min = "200",
      max = "9000",
      description = "Milliseconds after which an answer is no longer waited for. Applies at once.")
  int timeout_ms() default 3_000;
}
