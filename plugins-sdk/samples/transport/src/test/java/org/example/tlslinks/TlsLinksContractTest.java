package org.example.tlslinks;

import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportContract;
import io.weft.testkit.TransportEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** What every transport keeps to. */
class TlsLinksContractTest extends TransportContract {

  private static FakeIo io;
  private static RealTime time;

  @BeforeAll
  static void start() {
    io = new FakeIo(2);
    time = new RealTime();
  }

  @Override
  protected TransportEndpoint endpoint(FakeIdentity identity) throws Exception {
    return new TlsEndpoint(identity, io, time);
  }

  @AfterAll
  static void stop() {
    io.close();
    time.close();
  }
}
