package io.weft.forward;

import io.netty.channel.epoll.Epoll;
import io.weft.transport.Io;
import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf("isAvailable")
class EpollTcpTest extends TcpCases {
  @Override
  Io io() {
    return new EpollIo(2);
  }

  static boolean isAvailable() {
    return Epoll.isAvailable();
  }
}
