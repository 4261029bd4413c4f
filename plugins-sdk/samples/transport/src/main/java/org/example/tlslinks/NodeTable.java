package org.example.tlslinks;

import io.weft.node.Names;
import io.weft.support.HostPort;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Where nodes are reached over TCP. */
record NodeTable(Map<String, InetSocketAddress> addresses) {

  private static final int NODES_MAX = 1_000;

  /** @throws IllegalArgumentException if an entry is not NAME=IP:PORT, or a name has two */
  static NodeTable parse(String[] entries) {
    if (entries.length > NODES_MAX) {
      throw new IllegalArgumentException("tls-links.nodes: more than " + NODES_MAX);
    }
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("tls-links.nodes: expected entries such as b=192.0.2.7:7460");
      }
      String name = Names.check("tls-links.nodes", entry.substring(0, equals));
      if (addresses.put(name, address("tls-links.nodes", entry.substring(equals + 1))) != null) {
        throw new IllegalArgumentException("tls-links.nodes: " + name + " has two entries");
      }
    }
    return new NodeTable(Map.copyOf(addresses));
  }

  static InetSocketAddress address(String key, String text) {
    HostPort address = HostPort.parse(text);
    return address.socketAddress().orElseThrow(() -> new IllegalArgumentException(key + ": " + address + " is a name where an IP address is needed"));
  }

  Optional<InetSocketAddress> of(String node) {
    return Optional.ofNullable(addresses.get(node));
  }
}
