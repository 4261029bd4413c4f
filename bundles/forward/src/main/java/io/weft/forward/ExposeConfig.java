package io.weft.forward;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One entry of {@code expose}. */
@ObjectClassDefinition(name = "Weft: exposed service", description = "A service that peers may use: one entry of the section expose.")
@interface ExposeConfig {

  @AttributeDefinition(description = "Name of the service, as peers call it. Applies at once.")
  String service();

  @AttributeDefinition(
      required = false,
      description =
          "Where TCP connections lead: IP:port such as 127.0.0.1:5432, or service:5432 for 127.10.0.N:5432 with N from vip. One of tcp, udp"
              + " and http. Applies at once.")
  String tcp() default "";

  @AttributeDefinition(required = false, description = "Where UDP flows lead, written as for tcp. Applies at once.")
  String udp() default "";

  @AttributeDefinition(required = false, description = "Where HTTP connections lead, written as for tcp and carried as TCP. Applies at once.")
  String http() default "";

  @AttributeDefinition(
      required = false,
      description = "Names of the peers that may use it; * for every member of the fabric. Nobody else may. Applies at once.")
  String[] allow() default {};

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "254",
      description = "Number N of the service's virtual address 127.10.0.N, 1 to 254, for service:port; 0 for none. Applies at once.")
  int vip() default 0;
}
