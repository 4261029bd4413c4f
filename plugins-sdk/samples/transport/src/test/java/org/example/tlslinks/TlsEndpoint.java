package org.example.tlslinks;

import io.weft.path.Path;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportEndpoint;
import io.weft.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A node that listens on this machine, at a port that the system draws. */
final class TlsEndpoint implements TransportEndpoint {

  private final TlsLinks transport;
  private final InetSocketAddress address;

  TlsEndpoint(FakeIdentity identity, FakeIo io, RealTime time) throws Exception {
    transport = new TlsLinks(new NodeTable(Map.of()), "test", identity, io, time, time);
    address = transport.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).get(60, TimeUnit.SECONDS);
  }

  InetSocketAddress address() {
    return address;
  }

  @Override
  public Transport transport() {
    return transport;
  }

  @Override
  public Path pathTo(TransportEndpoint other) {
    return new TcpPath(((TlsEndpoint) other).address);
  }

  /** No port of this machine is 0. */
  @Override
  public Path pathToNobody() {
    return new TcpPath(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @Override
  public void close() {
    transport.close();
  }
}
