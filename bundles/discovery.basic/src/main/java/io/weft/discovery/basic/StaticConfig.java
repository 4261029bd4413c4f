package io.weft.discovery.basic;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One entry of {@code peers}. */
@ObjectClassDefinition(name = "Weft: peer", description = "A peer that is written down: one entry of the section peers.")
@interface StaticConfig {

  @AttributeDefinition(description = "Name of the peer, as in its own node.name. Applies at once.")
  String name();

  @AttributeDefinition(
      required = false,
      description =
          "Where the peer may be reached, best first, each IP:port such as 192.0.2.7:7450 or [2001:db8::7]:7450, at most 16. Empty if it"
              + " dials this node or another source knows. Applies at once.")
  String[] addresses() default {};

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "254",
      description = "Number N of the peer's virtual address 127.50.0.N, 1 to 254; 0 for none. Applies at once.")
  int vip() default 0;

  @AttributeDefinition(required = false, description = "What is to be known of the peer, each key=value, at most 32. Applies at once.")
  String[] labels() default {};
}
