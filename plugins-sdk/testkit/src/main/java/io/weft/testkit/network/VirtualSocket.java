package io.weft.testkit.network;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A UDP socket, bound to all addresses of its host. */
public final class VirtualSocket implements AutoCloseable {

  private static final int HOPS = 64;

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

  /** @param hops so far the packet goes: a NAT is one, and so is the internet between them */
  public void send(byte[] payload, InetSocketAddress to, int hops) {
    send(payload, to, host.first(), hops);
  }

  /** @param source one of the addresses of the host */
  public void send(byte[] payload, InetSocketAddress to, InetAddress source) {
    send(payload, to, source, HOPS);
  }

  private void send(byte[] payload, InetSocketAddress to, InetAddress source, int hops) {
    if (closed) {
      throw new IllegalStateException("the socket is closed");
    }
    if (!host.has(source)) {
      throw new IllegalArgumentException(source.getHostAddress() + " is no address of " + host.name());
    }
    host.emit(new Packet(new InetSocketAddress(source, port), to, payload.clone(), hops));
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
