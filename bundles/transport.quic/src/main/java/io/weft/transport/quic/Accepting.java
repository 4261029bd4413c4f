package io.weft.transport.quic;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.PathInfo;
import io.weft.path.PathType;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import java.util.Optional;

/** A link that a peer opens, until it proved who it is. On the loop. */
final class Accepting implements QuicLink.Owner {

  private final UdpPort port;
  private final Route route;
  private final LinkAcceptor acceptor;
  private Registration timer = () -> {};
  private boolean counted = true;

  Accepting(UdpPort port, Route route, LinkAcceptor acceptor) {
    this.port = port;
    this.route = route;
    this.acceptor = acceptor;
    port.limits().began();
  }

  void start(QuicLink link, LinkLimits limits) {
    timer =
        port.timers().after(limits.handshakeTimeout(), port.loop(), () -> {
          port.counters().add(Counters.HANDSHAKES_TIMED_OUT);
          link.close(Reason.of("unreachable", "the handshake was not finished in time"));
        });
  }

  Optional<PeerIdentity> expected(String name) {
    return acceptor.expected(name);
  }

  PathInfo path() {
    String address = UdpPath.text(route.real());
    return new PathInfo("udp", PathType.direct, CandidateKind.host, CandidateKind.host, address);
  }

  @Override
  public LinkHandler ready(QuicLink link) {
    route.proved();
    done();
    return acceptor.accepted(link);
  }

  @Override
  public void up(QuicLink link) {
    port.counters().add(Counters.HANDSHAKES_COMPLETED);
  }

  @Override
  public void failed(Reason reason, boolean byPeer) {
    port.counters().refused(byPeer ? "by_peer" : reason.code());
  }

  @Override
  public void gone(QuicLink link) {
    done();
    port.gone(link, route);
  }

  private void done() {
    timer.close();
    if (counted) {
      counted = false;
      port.limits().ended();
    }
  }
}
