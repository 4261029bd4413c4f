package io.weft.transport.quic.codec;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Asked for each connection that a peer opens, before anything is sent. On the loop. */
@FunctionalInterface
public interface Acceptance {

  /** Who gets the connection's events, or null to ignore the attempt. */
  @Nullable SessionEvents incoming(InetSocketAddress peer, Session session);
}
