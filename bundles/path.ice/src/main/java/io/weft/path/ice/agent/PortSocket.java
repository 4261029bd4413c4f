package io.weft.path.ice.agent;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.weft.path.ice.check.Sockets;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.ice4j.socket.IceSocketWrapper;
import org.jspecify.annotations.Nullable;

/** What ice4j takes for a socket of one attempt: packets leave through the node's one port, and come from it through a short queue. */
final class PortSocket extends IceSocketWrapper {

  private static final int WAITING_MAX = 64;

  /** A packet; without a sender it is the end. */
  private record Received(byte[] bytes, @Nullable InetSocketAddress from) {}

  private static final Received END = new Received(new byte[0], null);

  private final InetSocketAddress local;
  private final Sockets sockets;
  private final DatagramSocket placeholder;
  private final BlockingQueue<Received> queue = new ArrayBlockingQueue<>(WAITING_MAX);
  private volatile boolean closed;

  /** @param placeholder shows ice4j that this is UDP; never used or closed here */
  PortSocket(InetSocketAddress local, Sockets sockets, DatagramSocket placeholder) {
    this.local = local;
    this.sockets = sockets;
    this.placeholder = placeholder;
  }

  /** What is too much is lost, as on the wire. Any thread. */
  void received(ByteBuf packet, InetSocketAddress from) {
    byte[] bytes = new byte[packet.readableBytes()];
    packet.getBytes(packet.readerIndex(), bytes);
    queue.offer(new Received(bytes, from));
  }

  @Override
  public void send(DatagramPacket packet) {
    if (!closed) {
      // ice4j's own kind of address must not leave it.
      InetSocketAddress to = new InetSocketAddress(packet.getAddress(), packet.getPort());
      sockets.send(Unpooled.copiedBuffer(packet.getData(), packet.getOffset(), packet.getLength()), to);
    }
  }

  @Override
  public void receive(DatagramPacket packet) throws SocketException {
    try {
      Received next = queue.take();
      if (closed || next.from == null) {
        throw new SocketException("closed");
      }
      int length = Math.min(next.bytes.length, packet.getData().length);
      System.arraycopy(next.bytes, 0, packet.getData(), 0, length);
      packet.setLength(length);
      packet.setSocketAddress(next.from);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SocketException("interrupted");
    }
  }

  @Override
  public void close() {
    closed = true;
    queue.clear();
    queue.offer(END);
  }

  @Override
  public InetAddress getLocalAddress() {
    return local.getAddress();
  }

  @Override
  public int getLocalPort() {
    return local.getPort();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return local;
  }

  @Override
  public @Nullable Socket getTCPSocket() {
    return null;
  }

  @Override
  public DatagramSocket getUDPSocket() {
    return placeholder;
  }
}
