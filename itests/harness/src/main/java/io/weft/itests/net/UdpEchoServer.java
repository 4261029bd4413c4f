package io.weft.itests.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends back each datagram to where it came from. */
public final class UdpEchoServer implements AutoCloseable {

  private final DatagramSocket socket;
  private final Set<Integer> sourcePorts = ConcurrentHashMap.newKeySet();

  public UdpEchoServer() {
    this("127.0.0.1", 0);
  }

  public UdpEchoServer(String address, int port) {
    try {
      socket = new DatagramSocket(new InetSocketAddress(address, port));
      socket.setReceiveBufferSize(8 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::echo, "udp-echo");
    thread.setDaemon(true);
    thread.start();
  }

  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** Ports that datagrams came from. */
  public Set<Integer> sourcePorts() {
    return Set.copyOf(sourcePorts);
  }

  @Override
  public void close() {
    socket.close();
  }

  private void echo() {
    byte[] buffer = new byte[65_536];
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        sourcePorts.add(packet.getPort());
        socket.send(packet);
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
