package io.weft.forward;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One entry of {@code forward}. */
@ObjectClassDefinition(name = "Weft: forward", description = "A local address that leads to a service: one entry of the section forward.")
@interface LocalConfig {

  @AttributeDefinition(description = "Name of the service. Applies at once.")
  String service();

  @AttributeDefinition(
      required = false,
      description = "Peer that offers it, or any for whichever peer does and has a link. Applies at once.")
  String at() default "any";

  @AttributeDefinition(
      required = false,
      description =
          "Address to listen on for TCP: IP:port such as 127.0.0.1:15432, or peer:5432 or service:5432 for the virtual address of the peer"
              + " (127.50.0.N) or of the service (127.10.0.N). One of tcp, udp and http. Applies at once.")
  String tcp() default "";

  @AttributeDefinition(required = false, description = "Address to listen on for UDP, written as for tcp. Applies at once.")
  String udp() default "";

  @AttributeDefinition(required = false, description = "Address to listen on for HTTP, written as for tcp and carried as TCP. Applies at once.")
  String http() default "";

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "254",
      description = "Number N of the service's virtual address 127.10.0.N, 1 to 254, for service:port; 0 for none. Applies at once.")
  int vip() default 0;
}
