package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.link.LinkState;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.PathSource;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.RealTime;
import io.weft.transport.Io;
import io.weft.transport.Transport;
import io.weft.transport.memory.MemoryNetwork;
import io.weft.transport.memory.MemoryTransport;
import io.weft.transport.quic.QuicTransport;
import io.weft.transport.quic.UdpPathSource;
import java.lang.annotation.Annotation;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A node with its own loop, with a mesh or without. */
final class BenchMember implements AutoCloseable {

  final FakeIdentity identity;
  final Transport transport;
  final PathSource paths;
  final @Nullable LinkedFabric mesh;
  private final FakeDirectory directory = new FakeDirectory();
  private final RealTime time = new RealTime();
  private final MeshIo io = new MeshIo(1, true);

  BenchMember(String name, boolean quic, MemoryNetwork network, boolean meshed) throws Exception {
    identity = new FakeIdentity("test", name);
    Node node = new FakeNode(identity, "test", name.hashCode());
    if (quic) {
      transport = quic(node);
      paths = new UdpPathSource();
      Await.until("the port", ChannelBench.SOON, () -> !((QuicTransport) transport).local().isEmpty());
    } else {
      MemoryTransport memory = new MemoryTransport(network, io, identity, time, time, 1200, 1 << 20);
      transport = memory;
      paths = memory;
    }
    if (!meshed) {
      mesh = null;
      return;
    }
    mesh = new LinkedFabric(FakeConfig.of(MeshLimits.class, Map.of()), node, identity, time, time);
    mesh.addPathSource(paths, Map.of());
    mesh.addTransport(transport, Map.of());
    mesh.addDirectory(directory);
  }

  private QuicTransport quic(Node node) throws ReflectiveOperationException {
    Class<? extends Annotation> config = Class.forName("io.weft.transport.quic.QuicConfig").asSubclass(Annotation.class);
    return QuicTransport.class.getConstructor(config, Io.class, NodeIdentity.class, Node.class, Clock.class, Timers.class)
        .newInstance(FakeConfig.of(config, Map.of()), io, identity, node, time, time);
  }

  Candidate candidate() {
    if (transport instanceof QuicTransport quic) {
      InetSocketAddress at = quic.local().get(0);
      return Candidate.udp(at.getAddress().getHostAddress(), at.getPort());
    }
    return new Candidate(Candidate.MEMORY, CandidateKind.host, identity.self().name(), 0, Candidate.DEFAULT_PRIORITY);
  }

  void knows(BenchMember other) {
    directory.say(new Peer(other.identity.self(), List.of(other.candidate()), Map.of(), List.of("bench")));
  }

  boolean isUp(String peer) {
    return mesh.link(peer).map(l -> l.state() == LinkState.up).orElse(false);
  }

  @Override
  public void close() {
    if (mesh != null) {
      mesh.close();
    }
    if (transport instanceof MemoryTransport memory) {
      memory.close();
    }
    io.close();
    time.close();
  }
}
