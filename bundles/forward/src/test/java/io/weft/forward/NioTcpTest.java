package io.weft.forward;

import io.weft.testkit.FakeIo;

class NioTcpTest extends TcpCases {
  @Override
  Underlay net() {
    return new FakeNet(new FakeIo(2));
  }
}
