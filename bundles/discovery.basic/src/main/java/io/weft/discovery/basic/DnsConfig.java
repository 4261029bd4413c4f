package io.weft.discovery.basic;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** One entry of {@code discovery.basic.dns}. */
@ObjectClassDefinition(name = "Weft: discovery by DNS", description = "A peer whose addresses a name server knows.")
@interface DnsConfig {

  @AttributeDefinition(description = "Name of the peer, as in its own node.name. Applies at once.")
  String peer();

  @AttributeDefinition(
      required = false,
      description = "Host name whose A and AAAA records are the peer's addresses. Either this or srv. Applies at once.")
  String host() default "";

  @AttributeDefinition(required = false, min = "1", max = "65535", description = "UDP port of the peer at host. Applies at once.")
  int port() default 7450;

  @AttributeDefinition(
      required = false,
      description = "Name whose SRV records say host and port, such as _weft._udp.b.example.org. Either this or host. Applies at once.")
  String srv() default "";

  @AttributeDefinition(
      required = false,
      description = "Name server to ask, IP:port such as 192.0.2.53:53. Empty for those that the system is set up with. Applies at once.")
  String server() default "";

  @AttributeDefinition(
      required = false,
      min = "100",
      description = "Milliseconds between two lookups, give or take a tenth. Applies at once.")
  long interval_ms() default 30_000;

  @AttributeDefinition(
      required = false,
      min = "100",
      max = "10000",
      description = "Milliseconds to wait for a name server's answer before asking again, twice. Applies at once.")
  int timeout_ms() default 2_000;

  @AttributeDefinition(
      required = false,
      min = "0",
      max = "254",
      description = "Number N of the peer's virtual address 127.50.0.N, 1 to 254; 0 for none. Applies at once.")
  int vip() default 0;

  @AttributeDefinition(required = false, description = "What is to be known of the peer, each key=value, at most 32. Applies at once.")
  String[] labels() default {};
}
