package io.weft.testkit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weft.transport.Io;
import java.util.concurrent.TimeUnit;

/** Event loops for a test, on NIO unless a group is given. Closing it stops them and waits. */
public final class FakeIo implements Io, AutoCloseable {

  private final EventLoopGroup group;

  public FakeIo(int threads) {
    this(new NioEventLoopGroup(threads, new DefaultThreadFactory("test-io", true)));
  }

  public FakeIo(EventLoopGroup group) {
    this.group = group;
  }

  @Override
  public EventLoopGroup loops() {
    return group;
  }

  @Override
  public Class<? extends ServerSocketChannel> tcpServer() {
    return NioServerSocketChannel.class;
  }

  @Override
  public Class<? extends SocketChannel> tcp() {
    return NioSocketChannel.class;
  }

  @Override
  public Class<? extends DatagramChannel> udp() {
    return NioDatagramChannel.class;
  }

  @Override
  public boolean epoll() {
    return false;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }
}
