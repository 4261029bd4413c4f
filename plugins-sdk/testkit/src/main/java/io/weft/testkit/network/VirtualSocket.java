package io.weft.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A UDP socket, bound to all addresses of its host. */
public final class VirtualSocket implements AutoCloseable {

  private final VirtualHost host;
  private final int port;
  private final VirtualHost.Receiver receiver;
  private boolean closed;

  VirtualSocket(VirtualHost host, int port, VirtualHost.Receiver receiver) {
    this.host = host;
    this.port = port;
    this.receiver = receiver;
  }

  public int port() {
    return port;
  }

  /** As seen on the network of its host. */
  public InetSocketAddress address() {
    return new InetSocketAddress(host.first(), port);
  }

  /** Sends from the first address of the host; the payload is copied. */
  public void send(byte[] payload, InetSocketAddress to) {
    send(payload, to, host.first());
  }

  /** @param source one of the addresses of the host */
  public void send(byte[] payload, InetSocketAddress to, InetAddress source) {
    if (closed) {
      throw new IllegalStateException("the socket is closed");
    }
    if (!host.has(source)) {
      throw new IllegalArgumentException(source.getHostAddress() + " is no address of " + host.name());
    }
    host.emit(new Packet(new InetSocketAddress(source, port), to, payload.clone()));
  }

  @Override
  public void close() {
    closed = true;
    host.unbind(this);
  }

  void arrived(Packet packet) {
    receiver.packet(packet.payload(), packet.from());
  }
}
