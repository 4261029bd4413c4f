package io.weft.testkit.fabric;

import io.weft.channel.ByteStream;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.directory.Peer;
import io.weft.link.LinkState;
import io.weft.link.Links;
import io.weft.mesh.LinkedFabric;
import io.weft.mesh.MeshLimits;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeNode;
import io.weft.testkit.dcs.MemoryDcs;
import io.weft.transport.RawChannels;
import io.weft.transport.memory.MemoryTransport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * One start of a node of a {@link TestFabric}: give a plugin the services here that it would get in a node. Its links, channels and
 * services are those of a node; who its peers are, and the store, are the test's.
 */
public final class TestNode {

  // Keys take longer to make than most tests to run.
  private static final Map<String, FakeIdentity> IDENTITIES = new ConcurrentHashMap<>();

  private final TestFabric world;
  private final FakeIdentity identity;
  private final FakeNode node;
  private final SkewedClock clock;
  private final MemoryTransport transport;
  private final FakeDirectory directory = new FakeDirectory();
  private final LinkedFabric mesh;
  private final MemoryDcs dcs;

  TestNode(TestFabric world, String name, long incarnation, SkewedClock clock) {
    this.world = world;
    this.clock = clock;
    this.identity = identity(name);
    this.node = new FakeNode(identity, TestFabric.NAME, incarnation);
    this.transport = new MemoryTransport(world.network(), new FakeIo(world.loops().add(name)), identity, clock, world.time(), 1200, 1 << 20);
    this.mesh = new LinkedFabric(FakeConfig.of(MeshLimits.class, Map.of()), node, identity, clock, world.time(),
        world.loops().add(name)::execute, world.handlers().ofNode(), world.random().split());
    this.dcs = new MemoryDcs(world.store(), Runnable::run);
    mesh.addPathSource(transport, Map.of());
    mesh.addTransport(transport, Map.of());
    mesh.addDirectory(directory);
  }

  private static FakeIdentity identity(String name) {
    return IDENTITIES.computeIfAbsent(name, n -> new FakeIdentity(TestFabric.NAME, n));
  }

  void knows(List<String> others) {
    directory.say(others.stream().map(TestNode::peer).toArray(Peer[]::new));
  }

  private static Peer peer(String name) {
    Candidate candidate = new Candidate(Candidate.MEMORY, CandidateKind.host, name, 0, Candidate.DEFAULT_PRIORITY);
    return new Peer(identity(name).self(), List.of(candidate), Map.of(), List.of("test"));
  }

  public String name() {
    return node.name();
  }

  public Node node() {
    return node;
  }

  public NodeIdentity identity() {
    return identity;
  }

  /** The time of the test, with this node's {@linkplain TestFabric#skew skew}. */
  public Clock clock() {
    return clock;
  }

  public Timers timers() {
    return world.time();
  }

  /** What {@link Fabric#expose exposed} services do runs on threads of its own, for which {@link TestFabric#until} waits. */
  public Fabric fabric() {
    return new Watched();
  }

  public Links links() {
    return mesh;
  }

  public RawChannels channels() {
    return mesh;
  }

  /** This node's line to the store of all nodes, which the test may {@linkplain MemoryDcs#line cut}. */
  public MemoryDcs dcs() {
    return dcs;
  }

  public boolean isUp(String peer) {
    return mesh.link(peer).map(link -> link.state() == LinkState.up).orElse(false);
  }

  /** As {@code kill -9}: nobody is told, and its sessions are left to their TTL. */
  void die() {
    world.network().kill(name());
    dcs.kill();
    mesh.close();
  }

  void close() {
    dcs.close();
    mesh.close();
    transport.close();
  }

  /** The mesh, with eyes on whoever waits for it. */
  private final class Watched implements Fabric {

    @Override
    public CompletableFuture<ByteStream> open(String peer, String service, Duration deadline) {
      CompletableFuture<ByteStream> opening = mesh.open(peer, service, deadline);
      WatchedFuture<ByteStream> result = new WatchedFuture<>(world.handlers());
      opening.whenComplete((stream, failure) -> {
        if (failure != null) {
          result.completeExceptionally(failure);
        } else if (!result.complete(new WatchedStream(stream, world.handlers()))) {
          stream.abort("cancelled");
        }
      });
      result.whenComplete((stream, failure) -> {
        if (result.isCancelled()) {
          opening.cancel(false);
        }
      });
      return result;
    }

    @Override
    public Registration expose(ExposedService service, Consumer<ByteStream> handler) {
      return mesh.expose(service, stream -> handler.accept(new WatchedStream(stream, world.handlers())));
    }

    @Override
    public List<ServiceInfo> services() {
      return mesh.services();
    }

    @Override
    public List<ChannelInfo> channels() {
      return mesh.channels();
    }
  }
}
