package io.weft.signaling.client;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** How this node reaches brokers: the section {@code signaling}. */
@ObjectClassDefinition(
    name = "Weft: signalling",
    description = "Brokers through which peers without a path exchange their addresses. A list of URLs may stand in its place.")
@interface ClientConfig {

  @AttributeDefinition(
      required = false,
      description =
          "URLs of brokers, http://HOST:PORT or https://HOST:PORT, at most 8. Messages go to all that are up, so one is enough for two nodes"
              + " to meet. Applies at once.")
  String[] brokers() default {};

  @AttributeDefinition(
      required = false,
      description =
          "PEM file with the certificates that https brokers may be signed by, relative to the home of the node; empty for those that the JDK"
              + " trusts. Applies at once.")
  String trust() default "";
}
