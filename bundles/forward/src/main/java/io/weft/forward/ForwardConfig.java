package io.weft.forward;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** What all forwards and exposed services share. */
@ObjectClassDefinition(name = "Weft: forwarding")
@interface ForwardConfig {

  @AttributeDefinition(
      min = "1",
      description =
          "Most TCP connections open at once, through forwards and to exposed services together. More are refused. Applies to new connections.")
  int connections_max() default 4_096;

  @AttributeDefinition(
      min = "1",
      description = "Milliseconds for a peer to take a connection before it is refused here. Applies to new connections.")
  long open_timeout_ms() default 10_000;

  @AttributeDefinition(
      min = "1",
      description = "Milliseconds for the target of an exposed service to answer before it counts as dead. Applies to new connections.")
  int connect_timeout_ms() default 5_000;

  @AttributeDefinition(
      min = "1",
      description = "Milliseconds without a datagram either way after which a UDP flow ends. Applies to new connections.")
  long udp_idle_timeout_ms() default 60_000;

  @AttributeDefinition(
      min = "1",
      description =
          "Most UDP flows at once per forward and per exposed service. A forward ends the one that was idle longest, an exposed service"
              + " refuses. Applies to new connections.")
  int udp_flows_max() default 1_024;
}
