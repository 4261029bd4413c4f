package io.weft.relay.server;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weft.transport.Io;
import java.util.concurrent.TimeUnit;

/** Event loops on epoll. */
final class EpollIo implements Io, AutoCloseable {

  private final EpollEventLoopGroup group;

  EpollIo(int threads) {
    group = new EpollEventLoopGroup(threads, new DefaultThreadFactory("test-epoll", true));
  }

  @Override
  public EventLoopGroup loops() {
    return group;
  }

  @Override
  public Class<? extends ServerSocketChannel> tcpServer() {
    return EpollServerSocketChannel.class;
  }

  @Override
  public Class<? extends SocketChannel> tcp() {
    return EpollSocketChannel.class;
  }

  @Override
  public Class<? extends DatagramChannel> udp() {
    return EpollDatagramChannel.class;
  }

  @Override
  public boolean epoll() {
    return true;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
