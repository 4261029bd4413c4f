package io.weft.forward;

import io.weft.testkit.FakeIo;

class NioHandOverTest extends HandOverCases {
  @Override
  Underlay net() {
    return new FakeNet(new FakeIo(2));
  }
}
