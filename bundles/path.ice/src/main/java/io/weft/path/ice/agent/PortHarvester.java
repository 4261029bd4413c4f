package io.weft.path.ice.agent;

import io.weft.path.ice.check.RemoteAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.CandidateExtendedType;
import org.ice4j.ice.Component;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.ServerReflexiveCandidate;
import org.ice4j.ice.harvest.AbstractCandidateHarvester;

/** Gathers what the node knows of itself already: the addresses of its one port, and how servers see them. */
final class PortHarvester extends AbstractCandidateHarvester {

  private final List<PortSocket> sockets;
  private final List<RemoteAddress> mapped;

  PortHarvester(List<PortSocket> sockets, List<RemoteAddress> mapped) {
    this.sockets = sockets;
    this.mapped = mapped;
  }

  @Override
  public boolean isHostHarvester() {
    return true;
  }

  @Override
  public Collection<LocalCandidate> harvest(Component component) {
    List<LocalCandidate> found = new ArrayList<>();
    for (PortSocket socket : sockets) {
      HostCandidate host = new HostCandidate(socket, component);
      component.addLocalCandidate(host);
      host.getStunStack().addSocket(socket);
      found.add(host);
      for (RemoteAddress outside : mapped) {
        if (outside.address().getAddress().getClass() == socket.getLocalAddress().getClass()) {
          LocalCandidate reflexive =
              new ServerReflexiveCandidate(
                  transportAddress(outside.address()), host, null, CandidateExtendedType.STUN_SERVER_REFLEXIVE_CANDIDATE);
          if (component.addLocalCandidate(reflexive)) {
            found.add(reflexive);
          }
        }
      }
    }
    return found;
  }

  static TransportAddress transportAddress(InetSocketAddress address) {
    return new TransportAddress(address.getAddress(), address.getPort(), Transport.UDP);
  }
}
