package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.FreshPort;
import io.weft.path.PathInfo;
import java.net.Inet4Address;
import java.net.InetSocketAddress;

/** Straight through a port that was opened for one attempt. NATs are of IPv4, and so is this. */
final class FreshWire implements Wire {

  /** Out of the router of this site, and no further than the next. */
  private static final int NEAR_HOPS = 2;

  private final FreshPort port;

  FreshWire(FreshPort port) {
    this.port = port;
  }

  /** Opens the routers near by for what this address sends, without a packet that reaches those at the other end. */
  void knock(ByteBuf packet, InetSocketAddress to) {
    port.send(packet, to, NEAR_HOPS);
  }

  @Override
  public CandidateKind kind() {
    return CandidateKind.host;
  }

  @Override
  public String name() {
    return "fresh port";
  }

  @Override
  public boolean reaches(InetSocketAddress to) {
    return to.getAddress() instanceof Inet4Address;
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    port.send(packet, to);
  }

  @Override
  public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {
    conduit.sendTo(port, to, info);
  }

  @Override
  public void admit(Conduit conduit, InetSocketAddress from) {
    conduit.admit(port, from);
  }

  @Override
  public void forget(Conduit conduit) {}
}
