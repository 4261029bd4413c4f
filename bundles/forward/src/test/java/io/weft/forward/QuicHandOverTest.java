package io.weft.forward;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same over the real mesh and QUIC. */
@EnabledIf("isAvailable")
class QuicHandOverTest extends HandOverCases {
  @Override
  Underlay net() {
    return new QuicNet();
  }

  static boolean isAvailable() {
    return Epoll.isAvailable();
  }
}
