package io.weft.testkit.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A node with a cable to the place outside of it. */
public abstract sealed class Plugged permits VirtualHost, VirtualNat {

  private final String name;
  private final List<InetAddress> addresses = new ArrayList<>();
  private final Way up;
  private final Way down;
  private Segment segment;

  Plugged(Segment segment, String name, String... addresses) {
    this.name = name;
    this.segment = segment;
    this.up = new Way(segment.network(), false);
    this.down = new Way(segment.network(), true);
    plug(segment, addresses);
  }

  public String name() {
    return name;
  }

  /** The first of its addresses, as seen in the place where it is plugged in. */
  public String address() {
    return first().getHostAddress();
  }

  /** From the node. */
  public Way up() {
    return up;
  }

  /** To the node. */
  public Way down() {
    return down;
  }

  InetAddress first() {
    return addresses.get(0);
  }

  boolean has(InetAddress address) {
    return addresses.contains(address);
  }

  /** Pulls the cable where it is and plugs it in there. */
  final void plug(Segment next, String... literals) {
    if (literals.length == 0) {
      throw new IllegalArgumentException(name + " needs an address");
    }
    addresses.forEach(segment::unplug);
    addresses.clear();
    segment = next;
    Stream.of(literals).map(Segment::address).forEach(address -> {
      next.plug(address, this);
      addresses.add(address);
    });
  }

  final Segment segment() {
    return segment;
  }

  /** Sends out of the node. A packet on its way stays on the cable that it was sent on. */
  final void emit(Packet packet) {
    up.carry(packet, segment::route);
  }

  /** Sends into the node, from its place. */
  final void deliver(Packet packet) {
    down.carry(packet, this::arrived);
  }

  /** A packet is at the node's end of the cable. */
  abstract void arrived(Packet packet);
}
