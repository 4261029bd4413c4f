package io.weft.relay.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Somebody out there with a UDP socket. */
final class TestPeer implements AutoCloseable {

  record Heard(String text, InetSocketAddress from) {}

  private final DatagramSocket socket;

  TestPeer() throws IOException {
    this(RelayRig.LOOPBACK);
  }

  TestPeer(InetAddress at) throws IOException {
    socket = new DatagramSocket(0, at);
    socket.setSoTimeout(5_000);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  void send(String text, InetSocketAddress to) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      socket.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Heard hear() {
    DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
    try {
      socket.receive(packet);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Heard(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8), (InetSocketAddress) packet.getSocketAddress());
  }

  @Override
  public void close() {
    socket.close();
  }
}
