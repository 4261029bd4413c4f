package io.weft.forward;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("isAvailable")
class EpollHandOverTest extends HandOverCases {
  @Override
  Underlay net() {
    return new FakeNet(new EpollIo(2));
  }

  static boolean isAvailable() {
    return Epoll.isAvailable();
  }
}
