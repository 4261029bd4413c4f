package io.weft.path.ice;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: relay or STUN server", description = "A server that says how this node is seen, or relays for it.")
@interface ServerConfig {

  @AttributeDefinition(
      description =
          "Where it is: turn:HOST:PORT (relays, UDP), turn:HOST:PORT?transport=tcp, turns:HOST:PORT (TLS), or stun:HOST:PORT (only "
              + "says how this node is seen). Applies to new links.")
  String url();

  @AttributeDefinition(
      type = AttributeType.PASSWORD,
      description = "The secret that the relay and its users share, such as secret:file/turn. Applies to new links.", required = false)
  String secret() default "";

  @AttributeDefinition(description = "The area where it is; with prefer.area those of this node's area come first. Applies to new links.",
      required = false)
  String area() default "";
}
