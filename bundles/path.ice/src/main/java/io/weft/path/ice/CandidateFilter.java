package io.weft.path.ice;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Set;

/**
 * Which addresses that a peer names may be sent a packet at all. A peer is a member of the fabric, and still must not make this node
 * probe its own machine, its network, or a stranger.
 */
final class CandidateFilter {

  /** Which private addresses may be tried. */
  enum PrivateAddresses {
    /** Those of peers in the same site, in the same NAT group, or behind the same public address. */
    scoped,
    all,
    none
  }

  private static final int PORT_MIN = 1_024;

  private final boolean loopback;
  private final PrivateAddresses privates;

  CandidateFilter(boolean allowLoopback, PrivateAddresses privates) {
    this.loopback = allowLoopback;
    this.privates = privates;
  }

  /**
   * @param own addresses on which this node listens
   * @param sameScope whether private addresses of the peer are also ours to reach
   * @return why not, as a code; empty if it may be tried
   */
  String refusal(InetSocketAddress address, Set<InetSocketAddress> own, boolean sameScope) {
    InetAddress ip = address.getAddress();
    if (ip.isAnyLocalAddress() || ip.isMulticastAddress() || isBroadcast(ip)) {
      return "not_unicast";
    }
    if (own.contains(address)) {
      return "own";
    }
    if (ip instanceof Inet6Address six && isDisguised(six)) {
      return "disguised";
    }
    if (ip.isLoopbackAddress() || isThisNetwork(ip)) {
      return loopback ? "" : "loopback";
    }
    if (ip.isLinkLocalAddress()) {
      return "link_local"; // The metadata services of clouds are here: 169.254.169.254.
    }
    if (isMetadata(ip)) {
      return "metadata";
    }
    if (address.getPort() < PORT_MIN) {
      return "low_port";
    }
    if (isPrivate(ip) && (privates == PrivateAddresses.none || privates == PrivateAddresses.scoped && !sameScope)) {
      return "other_scope";
    }
    return "";
  }

  private static boolean isBroadcast(InetAddress ip) {
    return ip instanceof Inet4Address && (ip.getAddress()[0] & 0xff) >= 240;
  }

  private static boolean isThisNetwork(InetAddress ip) {
    return ip instanceof Inet4Address && ip.getAddress()[0] == 0;
  }

  /** Metadata services outside of the link-local range. */
  private static boolean isMetadata(InetAddress ip) {
    String text = ip.getHostAddress();
    return text.equals("100.100.100.200") || text.equals("fd00:ec2:0:0:0:0:0:254") || text.equals("192.0.0.192");
  }

  /** An IPv4 address in IPv6 clothes: mapped, compatible, translated (NAT64), 6to4, Teredo. What it means is not what it looks like. */
  private static boolean isDisguised(Inet6Address ip) {
    byte[] b = ip.getAddress();
    boolean zeros = true;
    for (int i = 0; i < 10; i++) {
      zeros &= b[i] == 0;
    }
    boolean mappedOrCompatible = zeros && (b[10] == -1 && b[11] == -1 || b[10] == 0 && b[11] == 0 && !ip.isLoopbackAddress());
    boolean translated = b[0] == 0 && b[1] == 0x64 && (b[2] & 0xff) == 0xff && (b[3] & 0xff) == 0x9b;
    boolean tunnel = b[0] == 0x20 && (b[1] == 0x02 || b[1] == 0x01 && b[2] == 0 && b[3] == 0);
    boolean siteLocal = (b[0] & 0xff) == 0xfe && (b[1] & 0xc0) == 0xc0;
    return mappedOrCompatible || translated || tunnel || siteLocal;
  }

  /** RFC 1918, RFC 6598 (carriers), RFC 4193; and what is for documentation or measurements is left alone. */
  static boolean isPrivate(InetAddress ip) {
    byte[] b = ip.getAddress();
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    if (ip instanceof Inet4Address) {
      return first == 10 || first == 172 && (second & 0xf0) == 16 || first == 192 && second == 168 || first == 100 && (second & 0xc0) == 64;
    }
    return (first & 0xfe) == 0xfc;
  }
}
