package io.weft.forward;

import io.weft.channel.ExposedService;
import io.weft.node.Names;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What shall be exposed.
 *
 * @param service null if something is wrong
 * @param target null if something is wrong
 * @param wrong why it cannot work, for people; empty if it can
 */
record ExposeSpec(String name, @Nullable ExposedService service, @Nullable InetSocketAddress target, String wrong) {

  static ExposeSpec of(ExposeConfig config) {
    OneOf one = OneOf.of(config.tcp(), config.udp(), config.http());
    if (!one.wrong().isEmpty()) {
      return new ExposeSpec(config.service(), null, null, one.wrong());
    }
    try {
      Names.check("service", config.service());
      LocalAddress address = LocalAddress.parse(one.text());
      InetSocketAddress target = switch (address.kind()) {
        case fixed -> address.fixed().orElseThrow();
        case service -> VirtualAddresses.ofService(config.vip())
            .map(ip -> new InetSocketAddress(ip, address.port()))
            .orElseThrow(() -> new IllegalArgumentException("service:" + address.port() + " needs 'vip', 1 to 254, in the same entry"));
        case peer -> throw new IllegalArgumentException("'" + one.text() + "': a target is an address of this side, not of a peer");
      };
      String protocol = config.http().isEmpty() ? config.udp().isEmpty() ? "tcp " : "udp " : "http ";
      ExposedService service =
          new ExposedService(config.service(), one.kind(), protocol + LocalAddress.text(target), new HashSet<>(List.of(config.allow())));
      return new ExposeSpec(config.service(), service, target, "");
    } catch (IllegalArgumentException e) {
      return new ExposeSpec(config.service(), null, null, String.valueOf(e.getMessage()));
    }
  }
}
