package io.weft.path.ice.turn;

import io.weft.support.stun.Credentials;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.function.Function;

/**
 * A relay to use. Two with the same address and transport are one.
 *
 * @param url as people wrote it, for reports
 * @param host its name, which its certificate has to say; an IP address if that is all there is
 * @param credentials makes credentials that last until then; called on the loop, must not block
 */
public record RelayTarget(
    String url, String host, InetSocketAddress address, Transport transport, Function<Instant, Credentials> credentials) {

  /** How it is reached. */
  public enum Transport {
    udp,
    tcp,
    tls
  }

  /** What makes it that relay and no other. */
  record Key(InetSocketAddress address, Transport transport) {}

  Key key() {
    return new Key(address, transport);
  }

  @Override
  public String toString() {
    return url;
  }
}
