package io.weft.forward;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketChannelConfig;
import io.weft.transport.Io;

/** Makes sockets that fit the node's event loops, not registered with any yet, with the options that forwarding needs. */
final class Sockets {

  /** Connections that wait to be accepted; the kernel cuts it to its own limit. */
  private static final int BACKLOG = 4_096;

  /** 64 KiB a read where bytes pour, little where they drip. */
  private static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(1_024, 16 * 1_024, 64 * 1_024);

  /**
   * What the kernel may hold of a connection. Not left to the kernel (6 MiB and more), because Netty's epoll hands over all of it, wanted
   * or not, once the application has closed its side.
   */
  private static final int RECEIVE_BUFFER = 512 * 1_024;

  /** How much waits for the socket is bounded by the window of the channel, so these only keep Netty from telling us about it. */
  private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(512 * 1_024, 1_024 * 1_024);

  private final Io io;
  private final ReflectiveChannelFactory<? extends SocketChannel> tcp;
  private final ReflectiveChannelFactory<? extends ServerSocketChannel> tcpServer;

  Sockets(Io io) {
    this.io = io;
    this.tcp = new ReflectiveChannelFactory<>(io.tcp());
    this.tcpServer = new ReflectiveChannelFactory<>(io.tcpServer());
  }

  EventLoopGroup loops() {
    return io.loops();
  }

  /** For a connection to a target. */
  SocketChannel tcp(int connectTimeoutMillis) {
    SocketChannel socket = tcp.newChannel();
    socket.config().setOption(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER);
    socket.config().setConnectTimeoutMillis(connectTimeoutMillis);
    prepare(socket);
    return socket;
  }

  /** What every connection needs, accepted ones too. */
  void prepare(SocketChannel socket) {
    SocketChannelConfig config = socket.config();
    config.setTcpNoDelay(true);
    config.setKeepAlive(true);
    config.setAllowHalfClosure(true);
    config.setWriteBufferWaterMark(WRITE_MARKS);
    config.setRecvByteBufAllocator(READS);
  }

  ServerSocketChannel tcpServer() {
    ServerSocketChannel socket = tcpServer.newChannel();
    socket.config().setReuseAddress(true);
    socket.config().setBacklog(BACKLOG);
    socket.config().setReceiveBufferSize(RECEIVE_BUFFER); // accepted connections inherit it
    return socket;
  }

  UdpSocket udp() {
    return UdpSocket.of(io.udp());
  }
}
