package io.weft.secret.basic;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of secrets that follow from the formation secret. */
@ObjectClassDefinition(
    name = "Weft: secrets from the formation secret",
    description = "secret:formation/NAME is the same 64 hex digits on every node of the fabric.")
@interface FormationSecretsConfig {

  @AttributeDefinition(
      description = "Where the formation secret is. Left out, it is that of section identity. Applies at once.",
      type = AttributeType.PASSWORD)
  String formation() default "secret:file/formation";
}
