package io.weft.transport.memory;

import io.weft.path.Path;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportEndpoint;
import io.weft.transport.Transport;

/** A node in a network of the test. */
final class MemoryEndpoint implements TransportEndpoint {

  private final FakeIdentity identity;
  private final MemoryTransport transport;

  MemoryEndpoint(MemoryNetwork network, FakeIo io, RealTime time, FakeIdentity identity) {
    this.identity = identity;
    this.transport = new MemoryTransport(network, io, identity, time, time, 1200, 1 << 20);
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public Path pathTo(TransportEndpoint other) {
    return new MemoryPath(((MemoryEndpoint) other).identity.self().name());
  }

  @Override
  public Path pathToNobody() {
    return new MemoryPath("nobody");
  }

  @Override
  public void close() {
    transport.close();
  }
}
