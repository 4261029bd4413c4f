package io.weft.testkit.network;

import java.net.InetSocketAddress;

/** One UDP packet on its way, which goes that many hops and no further. */
record Packet(InetSocketAddress from, InetSocketAddress to, byte[] payload, int hops) {

  Packet from(InetSocketAddress other) {
    return new Packet(other, to, payload, hops);
  }

  Packet to(InetSocketAddress other) {
    return new Packet(from, other, payload, hops);
  }

  /** Whether a router may pass it on. */
  boolean mayHop() {
    return hops > 1;
  }

  Packet hop() {
    return new Packet(from, to, payload, hops - 1);
  }
}
