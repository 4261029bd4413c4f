package io.weft.relay.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: relay", description = "STUN and TURN for peers that have no direct path. Off while listen is empty.")
@interface RelayConfig {

  @AttributeDefinition(
      required = false,
      description =
          "IP address and port on which clients ask, UDP and TCP, such as 0.0.0.0:3478. Empty: this node is no relay. Applies at once and ends"
              + " all allocations.")
  String listen() default "";

  @AttributeDefinition(
      required = false,
      description =
          "A second IP address and port, both other than those of listen, with which clients can tell the kind of their NAT (RFC 5780). Needs"
              + " an IP address in listen that is not 0.0.0.0. Applies at once and ends all allocations.")
  String alternate() default "";

  @AttributeDefinition(
      required = false,
      description =
          "IP address whose ports are lent to clients. Empty: that of listen, or if that is 0.0.0.0 the first of this machine that is not"
              + " loopback. Applies at once and ends all allocations.")
  String address() default "";

  @AttributeDefinition(
      required = false,
      description =
          "IP address under which peers reach relay.address, if a NAT stands between that leads to it port by port. Empty: the same. Applies at"
              + " once and ends all allocations.")
  String external_address() default "";

  @AttributeDefinition(description = "First and last of the UDP ports that are lent. Applies at once and ends all allocations.")
  String ports() default "49152-65535";

  @AttributeDefinition(description = "Name of the realm, which is part of the clients' keys. Applies at once and ends all allocations.")
  String realm() default "weft";

  @AttributeDefinition(
      type = AttributeType.PASSWORD,
      description = "What credentials are made of; the clients have the same. It is read when it is set. Applies to new requests.")
  String secret() default "secret:formation/relay";

  @AttributeDefinition(
      type = AttributeType.PASSWORD,
      required = false,
      description = "The secret before this one, whose credentials still count while clients change over. Empty: none. Applies to new requests.")
  String previous_secret() default "";

  @AttributeDefinition(
      required = false,
      description = "IP address and port for TURN over TLS, such as 0.0.0.0:443. Empty: none. Applies at once and ends all allocations.")
  String tls_listen() default "";

  @AttributeDefinition(
      required = false,
      description = "File with the certificate chain for TLS, PEM, relative to the home of the node. Applies at once and ends all allocations.")
  String tls_certificate() default "";

  @AttributeDefinition(
      type = AttributeType.PASSWORD,
      required = false,
      description = "The private key of that certificate, PKCS 8 in PEM. Applies at once and ends all allocations.")
  String tls_key() default "";

  @AttributeDefinition(
      description =
          "Whether peers may have private addresses (10.0.0.0/8, fc00::/7 and the like): clients can then reach that network through this node."
              + " Applies to new permissions.")
  boolean allow_private() default false;

  @AttributeDefinition(
      required = false,
      description = "Blocks of addresses that peers may have whatever else is said, such as 10.20.0.0/16. Applies to new permissions.")
  String[] allow_ranges() default {};

  @AttributeDefinition(
      required = false,
      description = "Blocks of addresses that no peer may have, such as 203.0.113.0/24. Applies to new permissions.")
  String[] deny_ranges() default {};

  @AttributeDefinition(min = "1", max = "16384", description = "Most allocations at once. Applies to new allocations.")
  int allocations_max() default 1_000;

  @AttributeDefinition(min = "1", description = "Most allocations at once of one user. Applies to new allocations.")
  int allocations_per_user() default 16;

  @AttributeDefinition(min = "1", max = "4096", description = "Most permissions of one allocation. Applies to new permissions.")
  int permissions_max() default 256;

  @AttributeDefinition(min = "1", max = "4096", description = "Most channels of one allocation. Applies to new channels.")
  int channels_max() default 256;

  @AttributeDefinition(
      min = "1000",
      description = "Bytes per second that one allocation may carry, both directions together; more is dropped. Applies to new allocations.")
  long allocation_bytes_per_second() default 1_250_000_000;

  @AttributeDefinition(
      min = "1000",
      description = "Bytes per second that all allocations may carry together; more is dropped. Applies at once.")
  long bytes_per_second() default 1_250_000_000;
}
