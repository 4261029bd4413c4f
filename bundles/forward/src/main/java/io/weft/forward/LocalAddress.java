package io.weft.forward;

import io.weft.support.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * An address as configuration has it, for listening or as a target.
 *
 * @param text as written
 */
record LocalAddress(String text, Kind kind, Optional<InetSocketAddress> fixed, int port) {

  /** How the address is found. */
  enum Kind {
    /** It is written down. */
    fixed,
    /** The virtual address of the peer. */
    peer,
    /** The virtual address of the service. */
    service
  }

  /** @throws IllegalArgumentException with one line that says what is wrong */
  static LocalAddress parse(String text) {
    HostPort parsed = HostPort.parse(text);
    return switch (parsed.host()) {
      case "peer" -> new LocalAddress(text, Kind.peer, Optional.empty(), parsed.port());
      case "service" -> new LocalAddress(text, Kind.service, Optional.empty(), parsed.port());
      case "localhost" -> fixed(text, new InetSocketAddress(InetAddress.getLoopbackAddress(), parsed.port()));
      default -> fixed(text, parsed.socketAddress().orElseThrow(() -> new IllegalArgumentException(
          "'" + parsed + "': a name is not looked up here; write an IP address such as 127.0.0.1:" + parsed.port())));
    };
  }

  static LocalAddress fixed(String text, InetSocketAddress address) {
    return new LocalAddress(text, Kind.fixed, Optional.of(address), address.getPort());
  }

  /** Host and port of a socket address, for people; IPv6 in brackets. */
  static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    int zone = host.indexOf('%');
    host = zone < 0 ? host : host.substring(0, zone);
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
