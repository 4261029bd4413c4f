package io.weft.transport.memory;

import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Succession;
import io.weft.node.Succession.Estate;
import io.weft.node.Timers;
import io.weft.path.Candidate;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathRequest;
import io.weft.path.PathSource;
import io.weft.transport.Io;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * One node's plug in a {@link MemoryNetwork}. Identities are compared rather than proved: who is in this process could read any
 * key anyway.
 */
@Component(name = "weft.transport.memory", service = {Transport.class, PathSource.class})
@Designate(ocd = MemoryConfig.class)
public final class MemoryTransport implements Transport, PathSource {

  static final String NAME = "memory";
  private static final Reason STOPPED = Reason.of("transport_stopped");

  /** What peers that dial are measured by, while somebody accepts. */
  record Accepting(LinkLimits limits, LinkAcceptor acceptor) {}

  /** How long links go on when the next version is there. */
  private static final Duration GOES_ON_FOR = Duration.ofSeconds(60);

  private final Predicate<Estate> succession;
  private final int datagramMax;
  private final int windowBytes;
  private final MemoryNetwork network;
  private final Io io;
  private final NodeIdentity identity;
  private final Clock clock;
  private final Timers timers;
  // In the order in which they were made, so that a test tells one story. Guards itself. Taken alone.
  private final Set<MemoryLink> links = new LinkedHashSet<>();
  private final Map<String, AtomicLong> counters = new ConcurrentHashMap<>();
  private volatile @Nullable Accepting accepting;
  private volatile boolean closed;

  @Activate
  public MemoryTransport(MemoryConfig config, @Reference MemoryNetwork network, @Reference Io io,
      @Reference NodeIdentity identity, @Reference Clock clock, @Reference Timers timers, @Reference Succession succession,
      BundleContext context) {
    this(network, io, identity, clock, timers, config.datagram_max(), config.window_bytes(),
        last -> context.getBundle().getState() == Bundle.STOPPING && succession.leave(last).isPresent());
    succession.claim(); // its links go on by themselves
  }

  /** Without a framework. The parameters are those of {@link MemoryConfig}. */
  public MemoryTransport(MemoryNetwork network, Io io, NodeIdentity identity, Clock clock, Timers timers, int datagramMax,
      int windowBytes) {
    this(network, io, identity, clock, timers, datagramMax, windowBytes, last -> false);
  }

  /** @param succession gets what a transport that stops leaves to the next version; says false if nobody will come */
  public MemoryTransport(MemoryNetwork network, Io io, NodeIdentity identity, Clock clock, Timers timers, int datagramMax,
      int windowBytes, Predicate<Estate> succession) {
    this.succession = succession;
    this.datagramMax = datagramMax;
    this.windowBytes = windowBytes;
    this.network = network;
    this.io = io;
    this.identity = identity;
    this.clock = clock;
    this.timers = timers;
    counter("datagrams_dropped");
    network.join(identity.self().name(), this);
  }

  /** If there will be a next version, links go on for {@link #GOES_ON_FOR} beside those of that. */
  @Deactivate
  public void close() {
    network.leave(identity.self().name(), this);
    if (!succession.test(new LinksThatGoOn())) {
      cut();
    }
  }

  private void cut() {
    closed = true;
    links().forEach(link -> link.close(STOPPED));
  }

  /** Nothing to take: links need only time. */
  private final class LinksThatGoOn implements Estate {

    @Override
    public Map<String, Object> things() {
      return Map.of("format", 1);
    }

    @Override
    public Duration goesOnFor() {
      return GOES_ON_FOR;
    }

    @Override
    public void expired() {
      cut();
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean carries(Path path) {
    return path instanceof MemoryPath;
  }

  @Override
  public boolean understands(Candidate candidate) {
    return candidate.network().equals(Candidate.MEMORY);
  }

  @Override
  public CompletableFuture<Path> find(PathRequest request) {
    return request.candidates().stream()
        .filter(this::understands)
        .findFirst()
        .<CompletableFuture<Path>>map(candidate -> CompletableFuture.completedFuture(new MemoryPath(candidate.host())))
        .orElseGet(() -> CompletableFuture.failedFuture(new NoPath(Reason.of("no_candidate", "no address in memory is known"))));
  }

  @Override
  public CompletableFuture<Link> open(PeerIdentity peer, Path path, LinkLimits limits, LinkHandler handler) {
    Dial dial = new Dial(this, peer, ((MemoryPath) path).node(), limits, handler);
    dial.start();
    return dial.result();
  }

  @Override
  public Registration accept(LinkLimits limits, LinkAcceptor acceptor) {
    Accepting added = new Accepting(limits, acceptor);
    accepting = added;
    return () -> {
      if (accepting == added) {
        accepting = null;
      }
    };
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> values = new TreeMap<>();
    counters.forEach((name, value) -> values.put(name, value.get()));
    return values;
  }

  // For dials and links.

  MemoryNetwork network() {
    return network;
  }

  PeerIdentity self() {
    return identity.self();
  }

  Io io() {
    return io;
  }

  Clock clock() {
    return clock;
  }

  Timers timers() {
    return timers;
  }

  @Nullable Accepting accepting() {
    return accepting;
  }

  boolean isClosed() {
    return closed;
  }

  AtomicLong counter(String name) {
    return counters.computeIfAbsent(name, n -> new AtomicLong());
  }

  MemoryLink.Terms terms(LinkLimits limits, int peerStreamsMax) {
    AtomicLong dropped = counter("datagrams_dropped");
    return new MemoryLink.Terms(limits, peerStreamsMax, datagramMax, windowBytes, clock, timers, dropped);
  }

  /** A link of this node is there, until {@link #remove}. */
  void add(MemoryLink link) {
    synchronized (links) {
      links.add(link);
    }
    if (closed) {
      link.close(STOPPED);
    }
  }

  void remove(MemoryLink link) {
    synchronized (links) {
      links.remove(link);
    }
  }

  private List<MemoryLink> links() {
    synchronized (links) {
      return List.copyOf(links);
    }
  }

  /** The network lets frames through again. */
  void resume() {
    links().forEach(MemoryLink::resume);
  }

  /** As {@code kill -9} would: nobody is told. */
  void die() {
    closed = true;
    links().forEach(MemoryLink::die);
    synchronized (links) {
      links.clear();
    }
  }
}
