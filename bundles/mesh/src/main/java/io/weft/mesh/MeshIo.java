package io.weft.mesh;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.weft.transport.Io;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event loops of this node. */
@Component(name = "weft.mesh.io")
@Designate(ocd = MeshIoConfig.class)
public final class MeshIo implements Io {

  private static final Logger log = LoggerFactory.getLogger(MeshIo.class);
  private static final int STOP_SECONDS = 5;

  private final boolean epoll;
  private final EventLoopGroup loops;

  @Activate
  public MeshIo(MeshIoConfig config) {
    this(config.threads(), config.epoll());
  }

  MeshIo(int threads, boolean wantEpoll) {
    if (threads < 1 || threads > 64) {
      throw new IllegalArgumentException("mesh.io threads is " + threads + ", it must be 1 to 64");
    }
    epoll = wantEpoll && isEpollThere();
    loops = epoll ? new EpollEventLoopGroup(threads, named()) : new NioEventLoopGroup(threads, named());
  }

  private static boolean isEpollThere() {
    try {
      if (!Epoll.isAvailable()) {
        log.info("epoll unavailable using=nio why=\"{}\"", Epoll.unavailabilityCause().getMessage());
      }
      return Epoll.isAvailable();
    } catch (NoClassDefFoundError e) {
      log.info("epoll unavailable using=nio why=\"not installed\"");
      return false;
    }
  }

  private static ThreadFactory named() {
    AtomicInteger count = new AtomicInteger();
    return task -> new FastThreadLocalThread(task, "weft-mesh-io-" + count.incrementAndGet());
  }

  @Deactivate
  void close() {
    if (!loops.shutdownGracefully(0, STOP_SECONDS - 1L, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS)) {
      log.warn("event loops still busy seconds={}", STOP_SECONDS);
    }
  }

  @Override
  public EventLoopGroup loops() {
    return loops;
  }

  @Override
  public Class<? extends ServerSocketChannel> tcpServer() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  @Override
  public Class<? extends SocketChannel> tcp() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public Class<? extends DatagramChannel> udp() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  @Override
  public boolean epoll() {
    return epoll;
  }
}
