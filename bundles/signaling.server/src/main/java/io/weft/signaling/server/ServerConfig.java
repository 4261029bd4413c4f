package io.weft.signaling.server;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** The broker of this node. Nothing listens unless the section is there. */
@ObjectClassDefinition(
    name = "Weft: signalling broker",
    description = "Lets this node keep mailboxes for members of the fabric that have no path to each other yet.")
@interface ServerConfig {

  @AttributeDefinition(description = "IP:port to listen on for HTTP, such as 0.0.0.0:7000. Applies at once.")
  String listen();

  @AttributeDefinition(
      required = false,
      description =
          "Further host:port under which members reach this broker, such as its name or its address outside a NAT. Addresses of this"
              + " machine need not be listed. Requests made for another host are refused, so that no broker can use them at another."
              + " Applies at once.")
  String[] hosts() default {};

  @AttributeDefinition(
      options = {@Option(label = "fabric", value = "fabric"), @Option(label = "peers", value = "peers")},
      description =
          "Who has a mailbox: fabric, whoever proves the key that the fabric gives its name; peers, only those that this node knows as"
              + " peers. Applies at once.")
  String members() default "fabric";

  @AttributeDefinition(min = "1", max = "65536", description = "Most mailboxes at once. Applies at once.")
  int mailboxes_max() default 1_024;

  @AttributeDefinition(min = "1", description = "Most bytes of all waiting messages together. Applies at once.")
  long memory_max_bytes() default 33_554_432;

  @AttributeDefinition(
      min = "1",
      description = "Messages per second that one member may leave, after a burst of ten times as many. Applies at once.")
  int rate_sender_max() default 20;

  @AttributeDefinition(
      min = "1",
      description =
          "Requests per second from one network (IPv4 /24, IPv6 /48), after a burst of four times as many. Applies at once.")
  int rate_network_max() default 200;

  @AttributeDefinition(min = "1", description = "Most connections at once. Applies at once.")
  int connections_max() default 4_096;

  @AttributeDefinition(
      min = "1",
      description = "Most connections at once from one address (IPv4) or one /64 (IPv6). Applies at once.")
  int connections_address_max() default 256;

  @AttributeDefinition(
      required = false,
      description = "PEM file with the certificate chain for HTTPS, relative to the home of the node; empty for plain HTTP. Applies at once.")
  String tls_certificate() default "";

  @AttributeDefinition(
      required = false,
      type = AttributeType.PASSWORD,
      description = "Private key of the certificate, PEM in PKCS #8, as a secret reference such as secret:file/tls-key. Applies at once.")
  String tls_key() default "";
}
