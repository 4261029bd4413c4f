package io.weft.relay.server;

import io.weft.support.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a relay listens and what it lends, as the configuration wants it.
 *
 * @param alternate the second address, or null
 * @param bind the address whose ports are lent
 * @param external how peers see it
 */
record Plan(
    InetSocketAddress listen,
    @Nullable InetSocketAddress alternate,
    @Nullable InetSocketAddress tls,
    InetAddress bind,
    InetAddress external,
    String ports,
    String realm) {

  private static final int REALM_MAX = 127;

  /**
   * @param own addresses of this machine
   * @throws IllegalArgumentException with one line that says what is wrong and what to write
   */
  static Plan of(RelayConfig config, Collection<InetAddress> own) {
    InetSocketAddress listen = socket("listen", config.listen());
    InetSocketAddress alternate = config.alternate().isBlank() ? null : socket("alternate", config.alternate());
    if (alternate != null && (listen.getAddress().isAnyLocalAddress() || alternate.getAddress().isAnyLocalAddress()
        || alternate.getAddress().equals(listen.getAddress()) || alternate.getPort() == listen.getPort())) {
      throw new IllegalArgumentException("relay.alternate needs another IP address and another port than relay.listen, and neither may be 0.0.0.0");
    }
    InetSocketAddress tls = config.tls_listen().isBlank() ? null : socket("tls.listen", config.tls_listen());
    InetAddress bind = config.address().isBlank() ? lent(listen.getAddress(), own) : ip("address", config.address());
    InetAddress external = config.external_address().isBlank() ? bind : ip("external.address", config.external_address());
    if (Requests.family(bind) != Requests.family(external)) {
      throw new IllegalArgumentException("relay.external.address and relay.address must both be IPv4 or both IPv6");
    }
    if (config.realm().isBlank() || config.realm().length() > REALM_MAX || config.realm().chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw new IllegalArgumentException("relay.realm must be 1 to 127 printable ASCII characters without blanks");
    }
    ports(config.ports());
    return new Plan(listen, alternate, tls, bind, external, config.ports(), config.realm());
  }

  PortRange range() {
    return ports(ports);
  }

  private static PortRange ports(String text) {
    try {
      return PortRange.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("relay.ports is " + e.getMessage(), e);
    }
  }

  private static InetAddress lent(InetAddress listen, Collection<InetAddress> own) {
    if (!listen.isAnyLocalAddress()) {
      return listen;
    }
    return own.stream()
        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress() && a.getAddress().length == 4)
        .min(Comparator.comparing(InetAddress::isSiteLocalAddress).thenComparing(InetAddress::getHostAddress))
        .orElseThrow(() -> new IllegalArgumentException(
            "relay.address must say whose ports are lent, because relay.listen is " + listen.getHostAddress() + " and this machine has no other address"));
  }

  private static InetSocketAddress socket(String key, String text) {
    try {
      return HostPort.parse(text).socketAddress().orElseThrow(() -> new IllegalArgumentException("'" + text + "': an IP address is wanted, not a name"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("relay." + key + " is " + e.getMessage(), e);
    }
  }

  private static InetAddress ip(String key, String text) {
    if (!HostPort.isIpv4(text) && !HostPort.isIpv6(text)) {
      throw new IllegalArgumentException("relay." + key + " must be an IP address");
    }
    InetAddress address = new HostPort(text, 1).socketAddress().orElseThrow().getAddress();
    if (address.isAnyLocalAddress()) {
      throw new IllegalArgumentException("relay." + key + " must be an address that others can reach, not " + text);
    }
    return address;
  }

  /** Everything that cannot change without binding anew. */
  static List<Object> identity(RelayConfig config) {
    return List.of(config.listen(), config.alternate(), config.tls_listen(), config.tls_certificate(), config.tls_key(), config.address(),
        config.external_address(), config.ports(), config.realm());
  }
}
