package io.weft.path.ice;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.weft.directory.Peer;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Timers;
import io.weft.path.DatagramPort;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.ice.agent.AgentChecker;
import io.weft.secret.Secrets;
import io.weft.signaling.Signaling;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeLinkHandler;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.RealTime;
import io.weft.transport.Io;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.quic.QuicTransport;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One node with QUIC and ICE on a real port of this machine. */
final class Side implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(30);
  static final String RELAY_SECRET = "the relay's secret";
  static final String SECRET = "a secret of this test";

  final FormationIdentity identity;
  final QuicTransport transport;
  final IceRuntime ice;
  final List<FakeLinkHandler> accepted = new CopyOnWriteArrayList<>();
  final RealTime time = new RealTime();
  volatile List<ConfiguredServer> servers = List.of();
  private final EpollIo io;
  private final Workers workers = new Workers();
  private final AgentChecker checker;

  Side(String name, MemorySignals signals) {
    this(name, signals, Map.of(), port -> port);
  }

  /** @param around puts something between ICE and the port */
  Side(String name, MemorySignals signals, Map<String, Object> config, UnaryOperator<DatagramPort> around) {
    identity = FormationIdentity.of(SECRET, "test", name);
    io = new EpollIo(name);
    Node node = new FakeNode(identity, "test", name.hashCode());
    transport = transport(io, identity, node, time);
    Await.until("the port", SOON, () -> !transport.local().isEmpty());
    transport.accept(LinkLimits.DEFAULT, new Anybody());
    checker = new AgentChecker(time, workers);
    Map<String, Object> values = new HashMap<>(Map.of("allow_loopback", true));
    values.putAll(config);
    IceConfig settings = FakeConfig.of(IceConfig.class, values);
    Signaling signaling = signals.of(identity.self());
    ice = new IceRuntime(
        new IceRuntime.Parts(around.apply(transport), io, time, time, node, identity.self(), workers, checker, new SecureRandom()),
        new Given(settings, signaling, this));
    signals.join(identity.self(), ice::received);
  }

  PeerIdentity self() {
    return identity.self();
  }

  PathRequest to(Side other, long attempt) {
    return new PathRequest(other.self(), List.of(), attempt, self().id().compareTo(other.self().id()) < 0);
  }

  Path path(Side other) throws Exception {
    return ice.find(to(other, 1)).get(30, TimeUnit.SECONDS);
  }

  Link link(Side other, Path path, LinkHandler handler) throws Exception {
    return transport.open(other.self(), path, LinkLimits.DEFAULT, handler).get(30, TimeUnit.SECONDS);
  }

  <T> T onLoop(Callable<T> question) throws Exception {
    return transport.loop().submit(question).get(10, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    ice.close();
    checker.close();
    workers.close();
    invoke(transport, "close");
    io.close();
    time.close();
  }

  private record Given(IceConfig config, Signaling signaling, Side side) implements IceRuntime.Around {

    @Override
    public List<ConfiguredServer> servers() {
      return side.servers;
    }

    @Override
    public Secrets secrets() {
      FakeSecrets secrets = new FakeSecrets();
      secrets.put("secret:file/turn", RELAY_SECRET);
      return secrets;
    }

    @Override
    public List<Peer> peers() {
      return List.of();
    }

    @Override
    public Map<String, Map<String, String>> said() {
      return Map.of();
    }
  }

  private final class Anybody implements LinkAcceptor {

    @Override
    public Optional<PeerIdentity> expected(String name) {
      return identity.expected(name);
    }

    @Override
    public LinkHandler accepted(Link link) {
      FakeLinkHandler handler = new FakeLinkHandler().on(link);
      accepted.add(handler);
      return handler;
    }
  }

  /** As Declarative Services does: the type of its configuration is the bundle's own. */
  private static QuicTransport transport(Io io, NodeIdentity identity, Node node, RealTime time) {
    try {
      Class<? extends Annotation> type = Class.forName("io.weft.transport.quic.QuicConfig").asSubclass(Annotation.class);
      return QuicTransport.class
          .getConstructor(type, Io.class, NodeIdentity.class, Node.class, Clock.class, Timers.class)
          .newInstance(FakeConfig.of(type, Map.of("handshakes_per_network_per_second", 10_000)), io, identity, node, time, time);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  static void invoke(Object target, String method) {
    try {
      var found = target.getClass().getDeclaredMethod(method);
      found.setAccessible(true);
      found.invoke(target);
    } catch (InvocationTargetException e) {
      throw new AssertionError(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static final class EpollIo implements Io, AutoCloseable {

    private final EventLoopGroup group;

    EpollIo(String name) {
      group = new EpollEventLoopGroup(1, new DefaultThreadFactory("io-" + name, true));
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
}
