package io.weft.launcher.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free ports on loopback: all held until the last one is chosen, so that no two are the same. */
final class Ports implements AutoCloseable {

  private final List<AutoCloseable> held = new ArrayList<>();

  InetSocketAddress tcp() {
    try {
      ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      held.add(socket);
      return new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException("no free TCP port on loopback", e);
    }
  }

  InetSocketAddress udp() {
    try {
      DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      held.add(socket);
      return new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
    } catch (IOException e) {
      throw new IllegalStateException("no free UDP port on loopback", e);
    }
  }

  static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable socket : held) {
      try {
        socket.close();
      } catch (IOException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("sockets throw nothing else", e);
      }
    }
  }
}
