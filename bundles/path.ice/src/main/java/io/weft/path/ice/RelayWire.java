package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.path.CandidateKind;
import io.weft.path.Conduit;
import io.weft.path.PathInfo;
import io.weft.path.ice.turn.Allocation;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Through an address that a relay lends. */
final class RelayWire implements Wire {

  private final Allocation allocation;

  RelayWire(Allocation allocation) {
    this.allocation = allocation;
  }

  Allocation allocation() {
    return allocation;
  }

  @Override
  public CandidateKind kind() {
    return CandidateKind.relay;
  }

  @Override
  public String name() {
    return Pair.text(allocation.relayed());
  }

  /** A relay out in the world has no business with private addresses, and would refuse them. */
  @Override
  public boolean reaches(InetSocketAddress to) {
    InetAddress here = allocation.relayed().getAddress();
    InetAddress there = to.getAddress();
    boolean inside = here.isLoopbackAddress() || CandidateFilter.isPrivate(here);
    return here.getClass() == there.getClass() && (inside || !there.isLoopbackAddress() && !CandidateFilter.isPrivate(there));
  }

  @Override
  public void send(ByteBuf packet, InetSocketAddress to) {
    allocation.send(packet, to);
  }

  @Override
  public void lead(Conduit conduit, InetSocketAddress to, PathInfo info) {
    allocation.lead(conduit, to, info);
  }

  @Override
  public void admit(Conduit conduit, InetSocketAddress from) {
    allocation.admit(conduit, from);
  }

  @Override
  public void forget(Conduit conduit) {
    allocation.forget(conduit);
  }
}
