package io.weft.path.ice.check;

import java.util.List;

/**
 * Does the connectivity checks of ICE (RFC 8445) between the addresses of this node and those of a peer, relays of ours excluded. Any
 * thread; never blocks.
 */
public interface Checker {

  /** Addresses of this node from which packets leave straight, one per address family at most. */
  record Base(java.net.InetSocketAddress address) {}

  /**
   * What an attempt starts with. Immutable.
   *
   * @param name for logs
   * @param mapped addresses of this node as others see it; only names for what checks find
   */
  record Plan(
      String name,
      boolean controlling,
      Credentials local,
      Credentials remote,
      List<Base> bases,
      List<RemoteAddress> mapped,
      Sockets sockets) {

    public Plan {
      bases = List.copyOf(bases);
      mapped = List.copyOf(mapped);
    }
  }

  /** Starts the checks of one attempt; candidates are given one by one. Events come on any thread, none after {@link Check#close}. */
  Check start(Plan plan, CheckEvents events);

  /** Loads what takes long, off the caller's thread. */
  default void warmUp() {}

  /** Ends all checks and frees what they share. */
  default void close() {}
}
