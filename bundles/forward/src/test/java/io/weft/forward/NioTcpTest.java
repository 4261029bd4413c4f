package io.weft.forward;

import io.weft.testkit.FakeIo;
import io.weft.transport.Io;

class NioTcpTest extends TcpCases {
  @Override
  Io io() {
    return new FakeIo(2);
  }
}
