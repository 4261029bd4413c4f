package io.weft.signaling.server;

import io.weft.node.Clock;
import io.weft.support.HostPort;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Under which hosts this broker is asked: its own addresses, and what the operator says. On the broker's loop. */
final class HostNames {

  private static final Logger log = LoggerFactory.getLogger(HostNames.class);
  private static final long REFRESH_NANOS = Duration.ofSeconds(10).toNanos();

  private final int port;
  private final String defaultPort;
  private final Set<String> configured;
  private final Clock clock;
  private Set<String> own = Set.of();
  private long refreshed;

  /** @param port where it listens, which is that of its own addresses */
  HostNames(int port, boolean tls, Set<HostPort> configured, Clock clock) {
    this.port = port;
    this.defaultPort = tls ? ":443" : ":80";
    this.configured = configured.stream().map(HostNames::text).collect(Collectors.toUnmodifiableSet());
    this.clock = clock;
    refresh();
  }

  /** @param header the header {@code Host} */
  boolean accepts(String header) {
    String host = normal(header);
    if (configured.contains(host) || own.contains(host)) {
      return true;
    }
    if (clock.nanos() - refreshed < REFRESH_NANOS) {
      return false;
    }
    refresh(); // addresses come and go
    return own.contains(host);
  }

  private String normal(String header) {
    String host = header.toLowerCase(Locale.ROOT);
    boolean withPort = host.startsWith("[") ? !host.endsWith("]") : host.indexOf(':') >= 0;
    try {
      return text(HostPort.parse(withPort ? host : host + defaultPort));
    } catch (IllegalArgumentException malformed) {
      return ""; // which is nobody's
    }
  }

  /** Addresses in one form, whichever of their forms they were written in. */
  private static String text(HostPort host) {
    return host.socketAddress().map(address -> new HostPort(text(address.getAddress()), host.port())).orElse(host).toString();
  }

  private void refresh() {
    refreshed = clock.nanos();
    Set<String> found = new HashSet<>();
    found.add("localhost:" + port);
    try {
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(HostNames::text)
          .forEach(address -> found.add(new HostPort(address, port).toString()));
    } catch (SocketException e) {
      log.warn("addresses of this machine unknown reason={}", e.toString());
    }
    own = found;
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }
}
