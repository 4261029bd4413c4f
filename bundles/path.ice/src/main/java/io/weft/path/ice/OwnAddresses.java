package io.weft.path.ice;

import io.weft.path.CandidateKind;
import io.weft.path.ice.check.Checker.Base;
import io.weft.path.ice.check.RemoteAddress;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of the node itself, as its port and its network cards have them. Immutable. */
record OwnAddresses(List<InetSocketAddress> hosts, Set<InetSocketAddress> all) {

  static final OwnAddresses NONE = new OwnAddresses(List.of(), Set.of());

  private static final Logger log = LoggerFactory.getLogger(OwnAddresses.class);
  private static final int HOSTS_MAX = 8;
  private static final int LOCAL_PREFERENCE = 65_535;

  OwnAddresses {
    hosts = List.copyOf(hosts);
    all = Set.copyOf(all);
  }

  /** Looks at the network cards, which takes a moment. */
  static OwnAddresses of(List<InetSocketAddress> bound, boolean loopback) {
    List<InetSocketAddress> hosts = new ArrayList<>();
    Set<InetSocketAddress> all = new HashSet<>();
    for (InetSocketAddress local : bound) {
      InetAddress ip = local.getAddress();
      List<InetAddress> addresses = ip.isAnyLocalAddress() ? cards(ip) : List.of(ip);
      for (InetAddress address : addresses) {
        InetSocketAddress own = new InetSocketAddress(address, local.getPort());
        all.add(own);
        boolean usable = !address.isLinkLocalAddress() && !address.isMulticastAddress() && (loopback || !address.isLoopbackAddress());
        if (usable && hosts.size() < HOSTS_MAX && !hosts.contains(own)) {
          hosts.add(own);
        }
      }
    }
    return new OwnAddresses(hosts, all);
  }

  private static List<InetAddress> cards(InetAddress any) {
    List<InetAddress> found = new ArrayList<>();
    try {
      for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (!card.isUp()) {
          continue;
        }
        for (InetAddress address : Collections.list(card.getInetAddresses())) {
          // The zone of an IPv6 address is of this machine only.
          if (address instanceof Inet4Address || any instanceof Inet6Address) {
            found.add(withoutZone(address));
          }
        }
      }
    } catch (SocketException | NullPointerException e) {
      log.warn("network cards not read: {}", e.getMessage());
    }
    return found;
  }

  private static InetAddress withoutZone(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  /** One address per family: all of them are one socket, and packets leave from where the routes say. */
  List<Base> bases() {
    List<Base> bases = new ArrayList<>();
    hosts.stream().filter(h -> h.getAddress() instanceof Inet4Address).findFirst().map(Base::new).ifPresent(bases::add);
    hosts.stream().filter(h -> h.getAddress() instanceof Inet6Address).findFirst().map(Base::new).ifPresent(bases::add);
    return bases;
  }

  List<RemoteAddress> candidates() {
    List<RemoteAddress> candidates = new ArrayList<>();
    for (InetSocketAddress host : hosts) {
      candidates.add(
          new RemoteAddress(CandidateKind.host, host, Ice.priority(CandidateKind.host, LOCAL_PREFERENCE - candidates.size())));
    }
    return candidates;
  }
}
