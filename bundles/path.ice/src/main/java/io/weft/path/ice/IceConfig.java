package io.weft.path.ice;

import io.weft.path.ice.CandidateFilter.PrivateAddresses;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

@ObjectClassDefinition(name = "Weft: paths through NATs", description = "How this node finds and keeps ways to peers by ICE.")
@interface IceConfig {

  @AttributeDefinition(
      description =
          "Which paths are wanted: any (direct if it works, else through a relay), direct_only or relay_only. Applies to new links.")
  Policy policy() default Policy.any;

  @AttributeDefinition(description = "Names of peers that are only reached directly, whatever policy says. Applies to new links.",
      required = false)
  String[] direct_only_peers() default {};

  @AttributeDefinition(description = "Names of peers that are only reached through relays, whatever policy says. Applies to new links.",
      required = false)
  String[] relay_only_peers() default {};

  @AttributeDefinition(
      description =
          "Which private addresses of peers may be tried: scoped (of peers with the same label nat_group, else site, else the same "
              + "public address), all, or none. Applies to new links.")
  PrivateAddresses private_addresses() default PrivateAddresses.scoped;

  @AttributeDefinition(description = "Whether relays with this node's label area come first. Applies to new links.")
  boolean prefer_area() default true;

  @AttributeDefinition(
      description =
          "Whether relays are used that peers offer over their links, by their label relay. Those that weft.yaml names always are. Applies "
              + "to new links.")
  boolean relays_of_peers() default true;

  @AttributeDefinition(
      description =
          "Whether peers may be reached on 127.0.0.1: for tests on one machine. Elsewhere it lets a peer send packets to services of this "
              + "machine. Applies to new links.")
  boolean allow_loopback() default false;
}
