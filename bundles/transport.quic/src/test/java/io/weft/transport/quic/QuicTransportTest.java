package io.weft.transport.quic;

import io.weft.testkit.FakeIdentity;
import io.weft.testkit.TransportContract;
import io.weft.testkit.TransportEndpoint;

class QuicTransportTest extends TransportContract {

  @Override
  protected TransportEndpoint endpoint(FakeIdentity identity) {
    return new QuicNode(identity);
  }
}
