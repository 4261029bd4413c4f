package io.weft.relay.server;

import io.weft.support.AddressKind;
import io.weft.support.IpRange;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * To which addresses clients may have packets sent, and from which they may get some. A relay that lets itself be talked into anything is
 * a door into the network that it stands in.
 *
 * @param own addresses of this machine
 */
record PeerPolicy(boolean allowPrivate, List<IpRange> allowed, List<IpRange> denied, Set<InetAddress> own) {

  PeerPolicy {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
    own = Set.copyOf(own);
  }

  /** @throws IllegalArgumentException with one line that says what is wrong and how it should look */
  static PeerPolicy of(RelayConfig config, Set<InetAddress> own) {
    return new PeerPolicy(config.allow_private(), ranges("allow.ranges", config.allow_ranges()), ranges("deny.ranges", config.deny_ranges()), own);
  }

  private static List<IpRange> ranges(String key, String[] texts) {
    try {
      return Arrays.stream(texts).map(IpRange::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("relay." + key + " is " + e.getMessage(), e);
    }
  }

  /** Whether a peer may be there. What is lent by this relay is not asked here: that is no other machine. */
  boolean allows(InetAddress peer) {
    if (contains(denied, peer)) {
      return false;
    }
    if (contains(allowed, peer)) {
      return true;
    }
    AddressKind kind = AddressKind.of(peer);
    return !own.contains(peer) && (kind == AddressKind.global || kind == AddressKind.private_use && allowPrivate);
  }

  private static boolean contains(List<IpRange> ranges, InetAddress address) {
    for (IpRange range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
