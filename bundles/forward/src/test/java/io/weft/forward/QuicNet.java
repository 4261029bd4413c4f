package io.weft.forward;

import io.weft.channel.Fabric;
import io.weft.directory.Peer;
import io.weft.link.LinkState;
import io.weft.mesh.LinkedFabric;
import io.weft.mesh.MeshLimits;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.Reason;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.RealTime;
import io.weft.transport.Io;
import io.weft.transport.RawChannels;
import io.weft.transport.quic.QuicTransport;
import io.weft.transport.quic.UdpPathSource;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Nodes a and b with the real mesh over QUIC on loopback, an event loop each. */
final class QuicNet implements Underlay {

  private static final Duration SOON = Duration.ofSeconds(20);

  private final Member a;
  private final Member b;

  QuicNet() {
    this(1);
  }

  QuicNet(int loops) {
    a = new Member("a", loops);
    b = new Member("b", loops);
    a.knows(b);
    b.knows(a);
    Await.until("the link", SOON, () -> a.isUp("b") && b.isUp("a"));
  }

  private Member member(String name) {
    return name.equals("a") ? a : b;
  }

  @Override
  public Io io(String node) {
    return member(node).io;
  }

  @Override
  public RawChannels channels(String node) {
    return member(node).mesh;
  }

  @Override
  public Fabric fabric(String node) {
    return member(node).mesh;
  }

  @Override
  public void lose() {
    a.mesh.close("b", Reason.of("test"), false);
  }

  @Override
  public void down(String peer) {
    a.mesh.close(peer, Reason.of("test"), true);
    Await.until("the link to go", SOON, () -> !a.isUp(peer));
  }

  @Override
  public void up(String peer) {
    a.mesh.open(peer);
    Await.until("the link", SOON, () -> a.isUp(peer));
  }

  @Override
  public boolean isQuiet() {
    return a.mesh.channels().isEmpty() && b.mesh.channels().isEmpty();
  }

  @Override
  public void close() {
    a.close();
    b.close();
  }

  private static final class Member implements AutoCloseable {
    final FormationIdentity identity;
    final RealTime time = new RealTime();
    final Io io;
    final FakeDirectory directory = new FakeDirectory();
    final QuicTransport transport;
    final LinkedFabric mesh;

    Member(String name, int loops) {
      identity = FormationIdentity.of("a secret of this test", "test", name);
      io = new EpollIo(loops);
      Node node = new FakeNode(identity, "test", name.hashCode());
      transport = transport(io, identity, node, time);
      mesh = new LinkedFabric(FakeConfig.of(MeshLimits.class, Map.of()), node, identity, time, time);
      mesh.addPathSource(new UdpPathSource(), Map.of());
      mesh.addTransport(transport, Map.of());
      mesh.addDirectory(directory);
      Await.until("the port", SOON, () -> !transport.local().isEmpty());
    }

    void knows(Member other) {
      InetSocketAddress at = other.transport.local().get(0);
      Candidate candidate = Candidate.udp(at.getAddress().getHostAddress(), at.getPort());
      directory.say(new Peer(other.identity.self(), List.of(candidate), Map.of(), List.of("test")));
    }

    boolean isUp(String peer) {
      return mesh.link(peer).map(l -> l.state() == LinkState.up).orElse(false);
    }

    @Override
    public void close() {
      mesh.close();
      invoke(transport, "close");
      io.loops().shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
      time.close();
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

  private static void invoke(Object target, String method) {
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
}
