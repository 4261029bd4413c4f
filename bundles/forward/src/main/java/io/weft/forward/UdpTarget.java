package io.weft.forward;

import io.weft.channel.ChannelOutcome;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.RawChannels;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Gives each flow that a peer opened a socket of its own, connected to the target. */
final class UdpTarget implements RawChannels.Acceptor {

  private static final int PORT_MIN = 1_024;

  private final Tools tools;
  private final Traffic traffic;
  private final InetSocketAddress target;

  UdpTarget(Tools tools, Traffic traffic, InetSocketAddress target) {
    this.tools = tools;
    this.traffic = traffic;
    this.target = target;
  }

  @Override
  public RawChannelHandler offered(RawChannel channel) {
    boolean leaving = tools.census().isLeaving();
    int most = tools.limits().get().udpFlowsMax();
    // A quarter more than the forwards of a peer: what they ended to make room may not have ended here yet.
    if (leaving || traffic.active() > most + most / 4) {
      ChannelOutcome outcome = leaving ? ChannelOutcome.leaving : ChannelOutcome.limit;
      tools.counters().add("targets_refused_" + outcome);
      channel.refuse(outcome, leaving ? "" : "too many flows");
      return TcpTarget.REFUSED;
    }
    TargetFlow flow = new TargetFlow(tools, traffic, channel, target, sources(channel));
    flow.start();
    return flow;
  }

  /**
   * Addresses to send from, best first: what the peer has as its virtual address and what its application has as its port, so that the
   * target sees who it is; then that address with any port. None if the peer has no number or the target is not on this machine.
   */
  private List<InetSocketAddress> sources(RawChannel channel) {
    List<InetSocketAddress> sources = new ArrayList<>(2);
    if (target.getAddress().isLoopbackAddress() && target.getAddress().getAddress().length == 4) {
      tools.addresses().ofPeer(channel.peer().name()).ifPresent(ip -> {
        int port = portOf(channel.origin());
        if (port >= PORT_MIN) {
          sources.add(new InetSocketAddress(ip, port));
        }
        sources.add(new InetSocketAddress(ip, 0));
      });
    }
    return sources;
  }

  /** The port that ends an origin such as {@code udp:127.0.0.1:53412}; 0 if none does. A peer wrote it. */
  static int portOf(String origin) {
    int colon = origin.lastIndexOf(':');
    int digits = origin.length() - colon - 1;
    if (colon < 0 || digits < 1 || digits > 5) {
      return 0;
    }
    int port = 0;
    for (int i = colon + 1; i < origin.length(); i++) {
      char c = origin.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      port = port * 10 + c - '0';
    }
    return port <= 65_535 ? port : 0;
  }
}
