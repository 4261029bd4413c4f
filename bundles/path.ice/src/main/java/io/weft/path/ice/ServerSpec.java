package io.weft.path.ice;

import io.weft.support.HostPort;
import java.util.Locale;

/**
 * A STUN or TURN server as its URL names it (RFC 7064, RFC 7065): {@code stun:host[:port]}, {@code turn:host[:port][?transport=udp|tcp]},
 * {@code turns:host[:port]}.
 *
 * @param turn whether it relays; if not, it only answers where it sees us
 */
record ServerSpec(boolean turn, HostPort address, Transport transport) {

  /** How it is reached. */
  enum Transport {
    udp,
    tcp,
    tls
  }

  private static final int PORT = 3_478;
  private static final int TLS_PORT = 5_349;

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  static ServerSpec parse(String url) {
    int colon = url.indexOf(':');
    String scheme = colon < 0 ? "" : url.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = url.substring(colon + 1);
    String query = rest.contains("?") ? rest.substring(rest.indexOf('?') + 1) : "";
    String host = rest.contains("?") ? rest.substring(0, rest.indexOf('?')) : rest;
    boolean secure = scheme.equals("turns");
    Transport transport = switch (query) {
      case "" -> secure ? Transport.tls : Transport.udp;
      case "transport=udp" -> Transport.udp;
      case "transport=tcp" -> secure ? Transport.tls : Transport.tcp;
      default -> throw bad(url, "only ?transport=udp and ?transport=tcp are known");
    };
    boolean stun = scheme.equals("stun");
    if (!stun && !scheme.equals("turn") && !secure || secure && query.equals("transport=udp") || stun && transport != Transport.udp) {
      throw bad(url, "expected stun:HOST:PORT, turn:HOST:PORT, turn:HOST:PORT?transport=tcp or turns:HOST:PORT");
    }
    return new ServerSpec(!stun, HostPort.parse(withPort(host, secure ? TLS_PORT : PORT)), transport);
  }

  private static String withPort(String host, int port) {
    boolean bracketed = host.endsWith("]");
    return bracketed || host.indexOf(':') < 0 ? host + ":" + port : host;
  }

  private static IllegalArgumentException bad(String url, String why) {
    return new IllegalArgumentException("'" + url.replaceAll("\\p{Cntrl}", "?") + "': " + why);
  }
}
