package io.weft.support;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** What an IP address is for, as far as that decides who may be made to send packets there. */
public enum AddressKind {
  /** This network, or no address: 0.0.0.0/8, ::. */
  unspecified,
  loopback,
  link_local,
  multicast,
  /** The broadcast address and what is reserved beside it. */
  reserved,
  /** Where clouds tell a machine its own secrets. */
  metadata,
  /** An IPv6 address that stands for an IPv4 one: mapped, compatible, 6to4, Teredo, NAT64. */
  embedded,
  /** Private networks, unique local addresses and what carriers share among customers. */
  private_use,
  global;

  private static final List<IpRange> METADATA = IpRange.list(
      "169.254.169.254/32", "169.254.170.2/32", "169.254.170.23/32", "100.100.100.200/32", "168.63.129.16/32", "192.0.0.192/32", "fd00:ec2::/32");
  private static final List<IpRange> UNSPECIFIED = IpRange.list("0.0.0.0/8", "::/128");
  private static final List<IpRange> LOOPBACK = IpRange.list("127.0.0.0/8", "::1/128");
  private static final List<IpRange> LINK_LOCAL = IpRange.list("169.254.0.0/16", "fe80::/10");
  private static final List<IpRange> MULTICAST = IpRange.list("224.0.0.0/4", "ff00::/8");
  private static final List<IpRange> RESERVED = IpRange.list("240.0.0.0/4", "192.0.0.0/24", "192.88.99.0/24");
  private static final List<IpRange> EMBEDDED =
      IpRange.list("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32");
  private static final List<IpRange> PRIVATE =
      IpRange.list("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "fc00::/7", "fec0::/10");

  /** Never asks anybody. */
  public static AddressKind of(InetAddress address) {
    if (in(METADATA, address)) {
      return metadata;
    } else if (in(UNSPECIFIED, address)) {
      return unspecified;
    } else if (in(LOOPBACK, address)) {
      return loopback;
    } else if (in(LINK_LOCAL, address)) {
      return link_local;
    } else if (in(MULTICAST, address)) {
      return multicast;
    } else if (in(RESERVED, address)) {
      return reserved;
    } else if (!(address instanceof Inet4Address) && in(EMBEDDED, address)) {
      return embedded;
    }
    return in(PRIVATE, address) ? private_use : global;
  }

  private static boolean in(List<IpRange> ranges, InetAddress address) {
    for (IpRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
