package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.forward.Opening.Route;
import io.weft.node.Names;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a forward shall do.
 *
 * @param text the address as written
 * @param address null if something is wrong
 * @param vip number of the service's virtual address; 0 for none
 * @param wrong why it cannot work, for people; empty if it can
 */
record LocalSpec(Route route, String text, @Nullable LocalAddress address, int vip, boolean configured, String wrong) {

  static LocalSpec of(LocalConfig config) {
    OneOf target = OneOf.of(config.tcp(), config.udp(), config.http());
    if (!target.wrong().isEmpty()) {
      return new LocalSpec(new Route(config.service(), config.at(), target.kind()), target.text(), null, 0, true, target.wrong());
    }
    return of(config.service(), config.at(), target.kind(), target.text(), config.vip(), true);
  }

  static LocalSpec of(String service, String at, ChannelKind kind, String text, int vip, boolean configured) {
    Route route = new Route(service, at, kind);
    try {
      Names.check("service", service);
      Names.check("at", at);
      LocalAddress address = LocalAddress.parse(text);
      String wrong = "";
      if (address.kind() == LocalAddress.Kind.peer && route.any()) {
        wrong = "peer:" + address.port() + " needs a peer in 'at', not any";
      } else if (address.kind() == LocalAddress.Kind.service && VirtualAddresses.ofService(vip).isEmpty()) {
        wrong = "service:" + address.port() + " needs 'vip', 1 to 254, in the same entry";
      }
      return new LocalSpec(route, text, wrong.isEmpty() ? address : null, vip, configured, wrong);
    } catch (IllegalArgumentException e) {
      return new LocalSpec(route, text, null, vip, configured, String.valueOf(e.getMessage()));
    }
  }

  /** Where to listen now; empty if the peer's virtual address is not known yet, or something is wrong. */
  Optional<InetSocketAddress> resolve(VirtualAddresses addresses) {
    if (address == null) {
      return Optional.empty();
    }
    Optional<InetAddress> virtual = switch (address.kind()) {
      case fixed -> Optional.empty();
      case peer -> addresses.ofPeer(route.at());
      case service -> VirtualAddresses.ofService(vip);
    };
    return address.fixed().or(() -> virtual.map(ip -> new InetSocketAddress(ip, address.port())));
  }

  /** Whether others than this machine can connect. */
  boolean isPublic() {
    return address != null && address.fixed().map(a -> !a.getAddress().isLoopbackAddress()).orElse(false);
  }
}
