package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.link.LinkState;
import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.CandidateKind;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSuccession;
import io.weft.transport.Io;
import io.weft.transport.memory.MemoryNetwork;
import io.weft.transport.memory.MemoryTransport;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** One start of a node with its mesh, in a network in memory. */
final class MeshNode implements AutoCloseable {

  /** What nodes of one test share. */
  record World(MemoryNetwork network, Clock clock, Timers timers, Map<String, Object> limits) {}

  // Keys take longer to make than most tests to run.
  private static final Map<String, FakeIdentity> IDENTITIES = new ConcurrentHashMap<>();

  final String name;
  final FakeIdentity identity;
  MemoryTransport transport;
  SpyTransport spy;
  final FakeSuccession succession = new FakeSuccession();
  final FakeDirectory directory = new FakeDirectory();
  final LinkedFabric fabric;
  final FakeNode node;
  final long incarnation;
  private final World world;
  private final Io io;
  private boolean updating;

  MeshNode(World world, String name, long incarnation, Io io, Executor loop, RandomGenerator random) {
    this.world = world;
    this.name = name;
    this.incarnation = incarnation;
    this.identity = identity(name);
    this.io = io;
    this.transport = newTransport();
    this.spy = new SpyTransport(transport);
    MeshLimits limits = FakeConfig.of(MeshLimits.class, world.limits);
    node = new FakeNode(identity, "test", incarnation);
    this.fabric = new LinkedFabric(limits, node, identity, world.clock, world.timers, loop, random);
    fabric.addPathSource(transport, Map.of());
    fabric.addTransport(spy, Map.of());
    fabric.addDirectory(directory);
  }

  private MemoryTransport newTransport() {
    return new MemoryTransport(world.network, io, identity, world.clock, world.timers, 1200, 1 << 20,
        left -> updating && succession.leave(left).isPresent());
  }

  /** First half of an update of the transport's bundle. Returns what remembers the links of the old version. */
  SpyTransport stopTransport() {
    SpyTransport last = spy;
    updating = true;
    fabric.removeTransport(spy);
    fabric.removePathSource(transport);
    transport.close();
    updating = false;
    return last;
  }

  /** The other half. */
  void startTransport() {
    transport = newTransport();
    spy = new SpyTransport(transport);
    fabric.addPathSource(transport, Map.of());
    fabric.addTransport(spy, Map.of());
  }

  private static FakeIdentity identity(String name) {
    return IDENTITIES.computeIfAbsent(name, n -> new FakeIdentity("test", n));
  }

  static Peer peer(String name) {
    Candidate candidate = new Candidate(Candidate.MEMORY, CandidateKind.host, name, 0, Candidate.DEFAULT_PRIORITY);
    return new Peer(identity(name).self(), List.of(candidate), Map.of(), List.of("test"));
  }

  void knows(String... names) {
    directory.say(Stream.of(names).map(MeshNode::peer).toArray(Peer[]::new));
  }

  LinkState state(String peer) {
    return fabric.link(peer).orElseThrow().state();
  }

  boolean isUp(String peer) {
    return fabric.link(peer).map(l -> l.state() == LinkState.up).orElse(false);
  }

  Session session(String peer) {
    return fabric.session(peer);
  }

  /** A path over this node's own transport. */
  Path pathTo(String other) {
    PathRequest request = new PathRequest(identity(other).self(), peer(other).candidates(), 1, true);
    return transport.find(request).join();
  }

  /** As {@code kill -9}: nobody is told. */
  void kill() {
    world.network.kill(name);
    fabric.close();
  }

  @Override
  public void close() {
    fabric.close();
    transport.close();
    succession.expire();
  }
}
