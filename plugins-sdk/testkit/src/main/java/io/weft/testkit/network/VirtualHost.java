package io.weft.testkit.network;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;

/** A host with UDP sockets. */
public final class VirtualHost extends Plugged {

  private static final int FIRST_FREE_PORT = 32_768;

  private final Map<Integer, VirtualSocket> sockets = new TreeMap<>();
  private int nextPort = FIRST_FREE_PORT;
  private long unheard;

  VirtualHost(Segment segment, String name, String... addresses) {
    super(segment, name, addresses);
  }

  /** Gets packets while the time moves. */
  @FunctionalInterface
  public interface Receiver {

    /** @param from the sender as it is seen here */
    void packet(byte[] payload, InetSocketAddress from);
  }

  /** @param port 0 for any */
  public VirtualSocket bind(int port, Receiver receiver) {
    int chosen = port;
    while (port == 0 && (chosen == 0 || sockets.containsKey(chosen))) {
      chosen = nextPort++;
    }
    if (sockets.containsKey(chosen)) {
      throw new IllegalStateException("port " + port + " of " + name() + " is in use");
    }
    VirtualSocket socket = new VirtualSocket(this, chosen, receiver);
    sockets.put(chosen, socket);
    return socket;
  }

  /** Another network: the sockets stay, their address changes. */
  public void moveTo(Place place, String... addresses) {
    plug(Segment.of(place), addresses);
  }

  /** Packets to ports where nobody listens. */
  public long unheard() {
    return unheard;
  }

  void unbind(VirtualSocket socket) {
    sockets.remove(socket.port(), socket);
  }

  @Override
  void arrived(Packet packet) {
    VirtualSocket socket = sockets.get(packet.to().getPort());
    if (socket == null || !has(packet.to().getAddress())) {
      unheard++;
      return;
    }
    socket.arrived(packet);
  }
}
