package io.weft.transport;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The event loops of this node and the socket classes that fit them. Links, their UDP port and the sockets that are forwarded
 * through them share these loops, so that bytes change threads nowhere. Nobody but the provider shuts the group down.
 */
@ProviderType
public interface Io {

  EventLoopGroup loops();

  Class<? extends ServerSocketChannel> tcpServer();

  Class<? extends SocketChannel> tcp();

  Class<? extends DatagramChannel> udp();

  /** Whether these are epoll's, with segmentation offload, rather than NIO's. */
  boolean epoll();
}
