package io.weft.support;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * A host and a port as people write them: {@code 127.0.0.1:5432}, {@code [::1]:5432}, {@code db.example.org:5432}. Reading one never
 * asks a name server.
 *
 * @param host an address without brackets, or a name, in lower case
 */
public record HostPort(String host, int port) {

  private static final int LENGTH_MAX = 262;

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  public static HostPort parse(String text) {
    String trimmed = text.trim();
    int colon = trimmed.lastIndexOf(':');
    if (trimmed.length() > LENGTH_MAX || colon < 1) {
      throw bad(text, "expected host:port such as 192.0.2.7:7450 or [2001:db8::7]:7450");
    }
    int port = port(text, trimmed.substring(colon + 1));
    String host = trimmed.substring(0, colon).toLowerCase(java.util.Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (!isIpv6(host)) {
        throw bad(text, "what is in brackets is not an IPv6 address");
      }
    } else if (host.indexOf(':') >= 0) {
      throw bad(text, "an IPv6 address goes in brackets: [2001:db8::7]:7450");
    } else if (!isIpv4(host) && !isName(host)) {
      throw bad(text, "the host is neither an IP address nor a name");
    }
    return new HostPort(host, port);
  }

  /** Whether the host is an IP address rather than a name. */
  public boolean isLiteral() {
    return isIpv4(host) || isIpv6(host);
  }

  /** The socket address if the host is an IP address; empty if it is a name. */
  public Optional<InetSocketAddress> socketAddress() {
    if (!isLiteral()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a literal address needs no name server: " + host, e);
    }
  }

  /** Whether {@code text} is four decimal numbers with dots; forms with fewer numbers or leading zeros mean different things to different people. */
  public static boolean isIpv4(String text) {
    int numbers = 0;
    int at = 0;
    while (at <= text.length() && numbers < 5) {
      int dot = text.indexOf('.', at);
      int end = dot < 0 ? text.length() : dot;
      int value = decimal(text, at, end, 3);
      if (value < 0 || value > 255 || end - at > 1 && text.charAt(at) == '0') {
        return false;
      }
      numbers++;
      at = end + 1;
    }
    return numbers == 4;
  }

  /** Whether {@code text}, without brackets, is an IPv6 address; a zone such as {@code %eth0} is not taken. */
  public static boolean isIpv6(String text) {
    if (text.length() > 45 || text.indexOf(':') < 0) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 'f') {
        return false;
      }
    }
    try {
      return InetAddress.getByName("[" + text + "]") != null; // the brackets keep it from asking a name server
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  private static int port(String text, String digits) {
    int port = decimal(digits, 0, digits.length(), 5);
    if (port < 1 || port > 65_535) {
      throw bad(text, "the port is not a number from 1 to 65535");
    }
    return port;
  }

  /** The number written at that place, or -1 if there is none or it has more digits than {@code digitsMax}. */
  private static int decimal(String text, int from, int to, int digitsMax) {
    if (to <= from || to - from > digitsMax) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + c - '0';
    }
    return value;
  }

  /** A host name: labels of letters, digits, '-' and '_'; not only of digits and dots, because that is a mistyped address. */
  private static boolean isName(String host) {
    boolean letter = false;
    int label = 0;
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      letter |= c >= 'a' && c <= 'z';
      if (c == '.') {
        if (label == 0) {
          return false;
        }
        label = 0;
      } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
        label++;
      } else {
        return false;
      }
      if (label > 63) {
        return false;
      }
    }
    return letter && host.length() <= 253;
  }

  private static IllegalArgumentException bad(String text, String why) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    return new IllegalArgumentException("'" + shown.replaceAll("\\p{Cntrl}", "?") + "': " + why);
  }
}
