package io.weft.testkit.network;

import java.net.InetSocketAddress;

/** One UDP packet on its way. */
record Packet(InetSocketAddress from, InetSocketAddress to, byte[] payload) {

  Packet from(InetSocketAddress other) {
    return new Packet(other, to, payload);
  }

  Packet to(InetSocketAddress other) {
    return new Packet(from, other, payload);
  }
}
