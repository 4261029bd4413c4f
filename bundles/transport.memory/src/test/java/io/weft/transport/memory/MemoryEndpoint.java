package io.weft.transport.memory;

import io.weft.path.Path;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeSuccession;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportEndpoint;
import io.weft.transport.Transport;
import java.util.function.Supplier;

/** A node in a network of the test. */
final class MemoryEndpoint implements TransportEndpoint {

  private final FakeIdentity identity;
  private final FakeSuccession succession = new FakeSuccession();
  private final Supplier<MemoryTransport> versions;
  private MemoryTransport transport;
  private boolean updating;

  MemoryEndpoint(MemoryNetwork network, FakeIo io, RealTime time, FakeIdentity identity) {
    this.identity = identity;
    this.versions = () -> new MemoryTransport(network, io, identity, time, time, 1200, 1 << 20, last -> updating && succession.leave(last).isPresent());
    this.transport = versions.get();
  }

  @Override
  public boolean update() {
    updating = true;
    transport.close();
    updating = false;
    transport = versions.get();
    return true;
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
    succession.expire();
  }
}
