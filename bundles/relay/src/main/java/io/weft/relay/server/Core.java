package io.weft.relay.server;

import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.transport.Io;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What all sockets of a relay share. Allocations belong to the loop of their client; what is here may be used from any of them.
 *
 * @param bind where lent ports are
 * @param external how peers see {@code bind}
 * @param fabric where this node's own links listen, which clients may reach through it although it is this machine
 * @param lent allocations by port
 */
record Core(
    Io io,
    Clock clock,
    Timers timers,
    SecureRandom random,
    Counters counters,
    Gate gate,
    Quotas quotas,
    PortRange ports,
    Reservations reservations,
    InetAddress bind,
    InetAddress external,
    Supplier<Limits> limits,
    Supplier<PeerPolicy> policy,
    Supplier<List<InetSocketAddress>> fabric,
    Map<Integer, Allocation> lent,
    Load load,
    Meter meter,
    Strangers strangers) {

  static Map<Integer, Allocation> noneLent() {
    return new ConcurrentHashMap<>();
  }

  /** Whether the address is the one whose ports are lent. */
  boolean lends(InetAddress address) {
    return address.equals(external);
  }

  /** Whether it is what another client was lent. */
  boolean isLent(InetSocketAddress peer) {
    return lends(peer.getAddress()) && lent.containsKey(peer.getPort());
  }

  /** Whether any port of that address may be a peer's: what a permission is about. */
  boolean mayPermit(InetAddress peer) {
    return lends(peer) || policy.get().allows(peer) || policy.get().own().contains(peer) && !fabric.get().isEmpty();
  }

  /** Whether a peer outside of this relay may be there. */
  boolean mayReach(InetSocketAddress peer) {
    return peer.getPort() != 0 && (policy.get().allows(peer.getAddress()) || isFabric(peer));
  }

  private boolean isFabric(InetSocketAddress peer) {
    if (!lends(peer.getAddress()) && !policy.get().own().contains(peer.getAddress())) {
      return false;
    }
    for (InetSocketAddress port : fabric.get()) {
      if (port.getPort() == peer.getPort() && (port.getAddress().isAnyLocalAddress() || port.getAddress().equals(peer.getAddress()))) {
        return true;
      }
    }
    return false;
  }

  /** Where to send what is for that peer: behind a NAT this machine does not find itself under its outer address. */
  InetSocketAddress inside(InetSocketAddress peer) {
    return peer.getAddress().equals(external) && !external.equals(bind) ? new InetSocketAddress(bind, peer.getPort()) : peer;
  }
}
