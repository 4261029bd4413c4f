package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.DatagramPort;
import io.weft.path.PathInfo;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** Straight through the node's one port. */
final class PortWire implements Wire {

  private final DatagramPort port;

  PortWire(DatagramPort port) {
    this.port = port;
  }

  @Override
  public CandidateKind kind() {
    return CandidateKind.host;
  }

  @Override
  public String name() {
    return "port";
  }

  @Override
  public boolean reaches(InetSocketAddress to) {
    boolean ipv4 = to.getAddress() instanceof Inet4Address;
    return port.local().stream().anyMatch(local -> ipv4 == local.getAddress() instanceof Inet4Address || isAny6(local));
  }

  /** Takes both families. */
  private static boolean isAny6(InetSocketAddress local) {
    return !(local.getAddress() instanceof Inet4Address) && local.getAddress().isAnyLocalAddress();
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    port.send(packet, to);
  }

  @Override
  public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {
    conduit.sendTo(to, info);
  }

  @Override
  public void admit(Conduit conduit, InetSocketAddress from) {
    conduit.admit(from);
  }

  @Override
  public void forget(Conduit conduit) {}
}
