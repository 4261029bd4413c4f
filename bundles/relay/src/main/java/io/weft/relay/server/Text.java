package io.weft.relay.server;

import io.weft.support.HostPort;
import java.net.InetSocketAddress;

/** Addresses as people write them. */
final class Text {

  private Text() {}

  static String of(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
