package io.weft.forward;

import io.weft.testkit.FakeIo;
import io.weft.transport.Io;

class NioUdpTest extends UdpCases {
  @Override
  Io io() {
    return new FakeIo(2);
  }

  @Override
  boolean emptyReachesTargets() {
    return false;
  }
}
