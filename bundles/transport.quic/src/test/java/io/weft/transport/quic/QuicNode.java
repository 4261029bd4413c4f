package io.weft.transport.quic;

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
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weft.node.NodeIdentity;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.testkit.Await;
import io.weft.testkit.FakeSuccession;
import io.weft.testkit.RealTime;
import io.weft.testkit.TransportEndpoint;
import io.weft.transport.Io;
import io.weft.transport.quic.codec.CongestionControl;
import java.lang.annotation.Annotation;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A QUIC transport on a loop of its own, as a node has it. */
public final class QuicNode implements TransportEndpoint {

  static final String FABRIC = "test";

  private final RealTime time = new RealTime();
  private final OwnIo io;
  private final NodeIdentity identity;
  private final Config config;
  private final Tuning tuning;
  private final FakeSuccession succession = new FakeSuccession();
  private QuicTransport transport;
  private volatile boolean updating;

  QuicNode(NodeIdentity identity) {
    this(identity, Config.LOOPBACK, true, Tuning.GUARDED);
  }

  QuicNode(NodeIdentity identity, Config config, boolean epoll, Tuning tuning) {
    io = new OwnIo(epoll && Epoll.isAvailable(), identity.self().name());
    this.identity = identity;
    this.config = config;
    this.tuning = tuning;
    start();
  }

  private void start() {
    transport = new QuicTransport(config, io, identity, FABRIC, time, time, tuning, succession, () -> updating);
    Await.until("the port", Duration.ofSeconds(10), () -> !transport.local().isEmpty());
  }

  @Override
  public QuicTransport transport() {
    return transport;
  }

  @Override
  public boolean update() {
    if (!io.epoll()) {
      return false;
    }
    updating = true;
    transport.close();
    updating = false;
    start();
    return true;
  }

  InetSocketAddress address() {
    return transport.local().get(0);
  }

  /** Looks at the port, on its loop. */
  <T> T inspect(java.util.function.Function<UdpPort, T> question) throws Exception {
    return io.loops().submit(() -> question.apply(transport.port())).get(10, TimeUnit.SECONDS);
  }

  <T> T onLoop(java.util.concurrent.Callable<T> question) throws Exception {
    return io.loops().submit(question).get(10, TimeUnit.SECONDS);
  }

  @Override
  public Path pathTo(TransportEndpoint other) {
    return new UdpPath(((QuicNode) other).address(), CandidateKind.host);
  }

  @Override
  public Path pathToNobody() {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return new UdpPath(new InetSocketAddress(taken.getLocalAddress(), taken.getLocalPort()), CandidateKind.host);
    } catch (SocketException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    transport.close();
    io.close();
    time.close();
  }

  /** The configuration as it comes from Configuration Admin. */
  record Config(
      String listen,
      CongestionControl congestion_control,
      int packet_size,
      boolean discover_mtu,
      int handshakes_max,
      int handshakes_unproved_max,
      int handshakes_per_network_per_second)
      implements QuicConfig {

    static final Config LOOPBACK = new Config("127.0.0.1:0", CongestionControl.bbr, 1350, false, 256, 32, 10_000);

    Config on(String address) {
      return new Config(
          address, congestion_control, packet_size, discover_mtu, handshakes_max, handshakes_unproved_max,
              handshakes_per_network_per_second);
    }

    Config packets(int size) {
      return new Config(
          listen, congestion_control, size, discover_mtu, handshakes_max, handshakes_unproved_max,
              handshakes_per_network_per_second);
    }

    Config handshakes(int max, int unprovedMax, int perSecond) {
      return new Config(listen, congestion_control, packet_size, discover_mtu, max, unprovedMax, perSecond);
    }

    @Override
    public Class<? extends Annotation> annotationType() {
      return QuicConfig.class;
    }
  }

  public static final class OwnIo implements Io, AutoCloseable {

    private final boolean epoll;
    private final EventLoopGroup group;

    public OwnIo(boolean epoll, String name) {
      this.epoll = epoll;
      DefaultThreadFactory threads = new DefaultThreadFactory("quic-test-" + name, true);
      this.group = epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
    }

    @Override
    public EventLoopGroup loops() {
      return group;
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

    @Override
    public void close() {
      group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
  }
}
