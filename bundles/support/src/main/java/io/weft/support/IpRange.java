package io.weft.support;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/** A block of IP addresses as people write it: {@code 10.0.0.0/8}, {@code fc00::/7}, or one address alone. */
public final class IpRange {

  private final byte[] address;
  private final int bits;

  private IpRange(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  public static IpRange parse(String text) {
    String trimmed = text.trim();
    int slash = trimmed.indexOf('/');
    String host = slash < 0 ? trimmed : trimmed.substring(0, slash);
    if (!HostPort.isIpv4(host) && !HostPort.isIpv6(host)) {
      throw bad(text);
    }
    try {
      // An IPv4 address in IPv6 form becomes an IPv4 one here, and its bits would mean something else.
      byte[] address = InetAddress.getByName(host).getAddress();
      int most = address.length * 8;
      if (host.indexOf(':') >= 0 && address.length == 4) {
        throw bad(text);
      }
      int bits = slash < 0 ? most : bits(trimmed.substring(slash + 1));
      if (bits < 0 || bits > most) {
        throw bad(text);
      }
      return new IpRange(address, bits);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a literal address needs no name server: " + host, e);
    }
  }

  static List<IpRange> list(String... texts) {
    return Arrays.stream(texts).map(IpRange::parse).toList();
  }

  private static int bits(String text) {
    return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : -1;
  }

  private static IllegalArgumentException bad(String text) {
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new IllegalArgumentException(
        "'" + shown.replaceAll("\\p{Cntrl}", "?") + "': expected a block of addresses such as 10.0.0.0/8 or fc00::/7");
  }

  public boolean contains(InetAddress other) {
    byte[] bytes = other.getAddress();
    if (bytes.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (bytes[i] != address[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    return rest == 0 || (bytes[whole] ^ address[whole]) >> 8 - rest == 0;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(address).getHostAddress() + "/" + bits;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }
}
