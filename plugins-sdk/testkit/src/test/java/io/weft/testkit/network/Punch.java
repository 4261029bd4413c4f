package io.weft.testkit.network;

import io.weft.testkit.ManualTime;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Two hosts that learn their addresses outside from a server, tell each other, and fire, as itests/natlab/punch does on real routers. */
final class Punch {

  private static final Duration EVERY = Duration.ofMillis(50);
  private static final int SHOTS = 40;
  private static final byte[] SYN = {1};
  private static final byte[] ACK = {2};

  private final ManualTime time;
  private final InetSocketAddress server;

  Punch(ManualTime time, VirtualHost host) {
    this.time = time;
    VirtualSocket[] socket = new VirtualSocket[1];
    socket[0] = host.bind(3478, (payload, from) -> socket[0].send(text(from), from));
    server = socket[0].address();
  }

  /** One side. */
  private final class Side {

    final VirtualSocket socket;
    InetSocketAddress mapped;
    InetSocketAddress target;
    InetSocketAddress seenFrom;
    boolean acknowledged;

    Side(VirtualHost host) {
      socket = host.bind(0, this::packet);
      socket.send(new byte[0], server);
    }

    void packet(byte[] payload, InetSocketAddress from) {
      if (from.equals(server)) {
        mapped = address(payload);
      } else {
        seenFrom = from;
        acknowledged |= payload[0] == ACK[0];
      }
    }

    void fire() {
      byte[] shot = seenFrom == null ? SYN : ACK;
      socket.send(shot, target);
      if (seenFrom != null && !seenFrom.equals(target)) {
        socket.send(shot, seenFrom);
      }
    }
  }

  /** Whether a hole opened. */
  boolean opens(VirtualHost one, VirtualHost two) {
    return opens(one, two, 0);
  }

  /** @param headStart shots that the second fires before the first begins */
  boolean opens(VirtualHost one, VirtualHost two, int headStart) {
    Side a = new Side(one);
    Side b = new Side(two);
    time.advance(EVERY);
    a.target = b.mapped;
    b.target = a.mapped;
    for (int shot = 0; shot < SHOTS && !(a.acknowledged && b.acknowledged); shot++) {
      b.fire();
      if (shot >= headStart) {
        a.fire();
      }
      time.advance(EVERY);
    }
    a.socket.close();
    b.socket.close();
    return a.acknowledged && b.acknowledged;
  }

  static byte[] text(InetSocketAddress address) {
    return (address.getAddress().getHostAddress() + " " + address.getPort()).getBytes(StandardCharsets.UTF_8);
  }

  static InetSocketAddress address(byte[] text) {
    String[] words = new String(text, StandardCharsets.UTF_8).split(" ");
    return new InetSocketAddress(words[0], Integer.parseInt(words[1]));
  }
}
