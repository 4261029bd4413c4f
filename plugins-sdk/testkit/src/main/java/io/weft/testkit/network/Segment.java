package io.weft.testkit.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** What is plugged in at one place, and where its packets go. */
final class Segment {

  private final VirtualNetwork network;
  private final Consumer<Packet> elsewhere;
  private final boolean hop;
  private final Map<InetAddress, Plugged> nodes = new HashMap<>();

  /**
   * @param elsewhere gets packets to addresses that are not here
   * @param hop whether it takes a hop to come from one node here to another
   */
  Segment(VirtualNetwork network, Consumer<Packet> elsewhere, boolean hop) {
    this.network = network;
    this.elsewhere = elsewhere;
    this.hop = hop;
  }

  static Segment of(Place place) {
    return place instanceof VirtualNat nat ? nat.inside() : ((VirtualNetwork) place).internet();
  }

  VirtualNetwork network() {
    return network;
  }

  void route(Packet packet) {
    Plugged node = nodes.get(packet.to().getAddress());
    if (node == null) {
      elsewhere.accept(packet);
    } else if (!hop) {
      node.deliver(packet);
    } else if (packet.mayHop()) {
      node.deliver(packet.hop());
    } else {
      network.expire();
    }
  }

  void plug(InetAddress address, Plugged node) {
    Plugged other = nodes.putIfAbsent(address, node);
    if (other != null) {
      throw new IllegalArgumentException(address.getHostAddress() + " is the address of " + other.name() + " already");
    }
  }

  void unplug(InetAddress address) {
    nodes.remove(address);
  }

  /** A literal; nothing is ever looked up. */
  static InetAddress address(String literal) {
    if (!literal.matches("[0-9.]+|[0-9a-fA-F]*:[0-9a-fA-F:.]+")) {
      throw new IllegalArgumentException("'" + literal + "' is not an IP address");
    }
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + literal + "' is not an IP address", e);
    }
  }
}
