package io.weft.signaling.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;

/** Keys by which those who may be one and the same are counted together. */
final class Networks {

  private Networks() {}

  /** IPv4 /24, IPv6 /48. */
  static String network(InetAddress address) {
    return prefix(address, address instanceof Inet4Address ? 3 : 6);
  }

  /** IPv4 address, IPv6 /64. */
  static String host(InetAddress address) {
    return prefix(address, address instanceof Inet4Address ? 4 : 8);
  }

  private static String prefix(InetAddress address, int bytes) {
    return HexFormat.of().formatHex(address.getAddress(), 0, bytes);
  }
}
