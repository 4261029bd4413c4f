package io.weft.mesh;

import io.weft.channel.AccessDecision;
import io.weft.channel.AccessRules;
import io.weft.channel.ByteStream;
import io.weft.channel.ChannelFailed;
import io.weft.channel.ChannelInfo;
import io.weft.channel.ChannelKind;
import io.weft.channel.ChannelOutcome;
import io.weft.channel.ExposedService;
import io.weft.channel.Fabric;
import io.weft.channel.ServiceInfo;
import io.weft.directory.PeerDirectory;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
import io.weft.link.PeerLabels;
import io.weft.mesh.wire.Frame;
import io.weft.mesh.wire.StreamHeader;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthResult;
import io.weft.node.Leaving;
import io.weft.node.Names;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.path.PathSource;
import io.weft.support.SerialLoop;
import io.weft.transport.RawChannel;
import io.weft.transport.RawChannelHandler;
import io.weft.transport.RawChannels;
import io.weft.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The mesh as a service: the fabric is links to peers and channels on them. What it does is in the parts that it holds
 * together.
 */
@Component(
    name = "weft.mesh",
    service = {Fabric.class, Links.class, RawChannels.class, AccessRules.class, PeerLabels.class, HealthCheck.class, Leaving.class})
@Designate(ocd = MeshLimits.class)
public final class LinkedFabric implements Fabric, Links, RawChannels, AccessRules, PeerLabels, HealthCheck, Leaving {

  private static final int QUEUE_MAX = 100_000;
  private static final Duration STOP = Duration.ofSeconds(3);

  private final Core core;
  private final SerialLoop loop;
  private final PeerLinks links;
  private final MeshHealth health;
  private final Handlers handlers;
  private final @Nullable ExecutorService thread;
  // Guards directoryWatch; nothing else is locked while it is held but the directory's own.
  private final Object directoryLock = new Object();
  private final Map<PeerDirectory, Registration> directoryWatch = new HashMap<>();

  @Activate
  public LinkedFabric(MeshLimits limits, @Reference Node node, @Reference NodeIdentity identity, @Reference Clock clock,
      @Reference Timers timers) {
    this(limits, node, identity, clock, timers, Executors.newSingleThreadExecutor(task -> new Thread(task, "weft-mesh-loop")),
        new SplittableRandom());
  }

  LinkedFabric(MeshLimits limits, Node node, NodeIdentity identity, Clock clock, Timers timers, Executor executor,
      RandomGenerator random) {
    this(limits, node, identity, clock, timers, executor, Handlers.threads(limits.handler_threads_max()), random);
  }

  /**
   * Without a framework.
   *
   * @param executor runs the mesh's loop; if it is a service of threads, it is shut down in the end
   * @param handlerThreads run what exposed services do; shut down in the end
   * @param random draws the times between attempts
   */
  public LinkedFabric(MeshLimits limits, Node node, NodeIdentity identity, Clock clock, Timers timers, Executor executor,
      ExecutorService handlerThreads, RandomGenerator random) {
    this.thread = executor instanceof ExecutorService own ? own : null;
    this.loop = new SerialLoop("mesh", executor, QUEUE_MAX);
    this.core = new Core(node, identity.self(), clock, timers, limits, new Counters(), new ServiceTable(this::servicesChanged),
        new ChannelTable(), new SaidLabels(), new AtomicBoolean(), seeds(random.nextLong()));
    this.links = new PeerLinks(core, loop, random);
    this.health = new MeshHealth(links::infos, loop, clock);
    this.handlers = new Handlers(timers, limits.handler_threads_max(), handlerThreads);
  }

  private static LongSupplier seeds(long first) {
    SplittableRandom random = new SplittableRandom(first);
    return () -> {
      synchronized (random) {
        return random.nextLong();
      }
    };
  }

  @Deactivate
  public void close() {
    CountDownLatch closed = new CountDownLatch(1);
    links.stop(Reason.of("mesh_stopped"));
    loop.execute(closed::countDown);
    handlers.close();
    if (thread != null) {
      try {
        if (!closed.await(STOP.toSeconds(), TimeUnit.SECONDS)) {
          core.counters().add("stop_timeouts");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      loop.close();
      thread.shutdown();
    }
  }

  // What comes and goes.

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addTransport(Transport transport, Map<String, Object> properties) {
    links.add(transport, properties);
  }

  public void removeTransport(Transport transport) {
    links.remove(transport);
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  public void addPathSource(PathSource source, Map<String, Object> properties) {
    links.add(source, properties);
  }

  public void removePathSource(PathSource source) {
    links.remove(source);
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  public void addDirectory(PeerDirectory directory) {
    synchronized (directoryLock) {
      directoryWatch.put(directory, directory.watch(links::directory));
    }
  }

  public void removeDirectory(PeerDirectory directory) {
    synchronized (directoryLock) {
      directoryWatch.remove(directory).close();
    }
  }

  /** For tests: the session that is up, or null. */
  @Nullable Session session(String peer) {
    return links.session(peer);
  }

  private void servicesChanged() {
    links.announce();
  }

  // RawChannels.

  @Override
  public CompletableFuture<RawChannel> open(String peer, String service, ChannelKind kind, String origin, Duration deadline,
      RawChannelHandler handler) {
    Names.check("service name", service);
    StreamHeader.checkOrigin(origin);
    Session session = core.isLeaving() ? null : links.session(peer);
    if (session == null) {
      return CompletableFuture.failedFuture(noSession(peer));
    }
    CompletableFuture<RawChannel> result = new CompletableFuture<>();
    session.openChannel(service, kind, origin, deadline, handler, result);
    return result;
  }

  private ChannelFailed noSession(String peer) {
    if (core.isLeaving()) {
      return new ChannelFailed(ChannelOutcome.leaving, "this node is leaving");
    }
    Optional<LinkInfo> link = links.info(peer);
    return link.isEmpty()
        ? new ChannelFailed(ChannelOutcome.unknown_peer, "no peer is named " + peer)
        : new ChannelFailed(ChannelOutcome.link_down, "the link to " + peer + " is " + link.get().state());
  }

  @Override
  public Registration serve(ExposedService service, Acceptor acceptor) {
    return core.services().add(service, acceptor, null);
  }

  @Override
  public Registration serve(ExposedService service, Acceptor acceptor, Registration inPlaceOf) {
    return core.services().add(service, acceptor, inPlaceOf);
  }

  // Fabric.

  @Override
  public CompletableFuture<ByteStream> open(String peer, String service, Duration deadline) {
    FabricStream stream = new FabricStream(core.timers());
    String origin = "node:" + core.self().name();
    CompletableFuture<RawChannel> opening = open(peer, service, ChannelKind.stream, origin, deadline, stream);
    CompletableFuture<ByteStream> result = new CompletableFuture<>();
    opening.whenComplete((channel, failure) -> {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else if (!result.complete(stream.on(channel))) {
        channel.abort(Reason.of("cancelled"));
      }
    });
    result.whenComplete((opened, failure) -> {
      if (result.isCancelled()) {
        opening.cancel(false);
      }
    });
    return result;
  }

  @Override
  public Registration expose(ExposedService service, Consumer<ByteStream> handler) {
    if (service.kind() != ChannelKind.stream) {
      throw new IllegalArgumentException("service " + service.name() + " is not of kind stream");
    }
    return serve(service, channel -> handlers.take(channel, handler));
  }

  @Override
  public List<ServiceInfo> services() {
    Map<Frame.Service, List<String>> peers = new HashMap<>();
    for (Session session : links.sessions()) {
      for (Frame.Service service : session.peerServices()) {
        peers.computeIfAbsent(service, s -> new ArrayList<>()).add(session.peer().name());
      }
    }
    Map<Frame.Service, String> own = new HashMap<>();
    core.services().services().forEach(s -> own.put(new Frame.Service(s.kind(), s.name()), s.target()));
    Map<Frame.Service, ServiceInfo> all = new TreeMap<>(
        Comparator.comparing(Frame.Service::name).thenComparing(Frame.Service::kind));
    own.forEach((service, target) -> all.put(service,
        new ServiceInfo(service.name(), service.kind(), true, target, sorted(peers.remove(service)))));
    peers.forEach((service, at) -> all.put(service, new ServiceInfo(service.name(), service.kind(), false, null, sorted(at))));
    return List.copyOf(all.values());
  }

  private static List<String> sorted(@Nullable List<String> names) {
    return names == null ? List.of() : names.stream().sorted().toList();
  }

  @Override
  public List<ChannelInfo> channels() {
    return core.channels().infos();
  }

  // Links.

  @Override
  public List<LinkInfo> links() {
    return links.infos();
  }

  @Override
  public Optional<LinkInfo> link(String peer) {
    return links.info(peer);
  }

  @Override
  public Registration watch(Consumer<LinkInfo> listener) {
    return links.watch(listener);
  }

  @Override
  public boolean close(String peer, Reason reason, boolean stay) {
    return links.close(peer, reason, stay);
  }

  @Override
  public boolean open(String peer) {
    return links.open(peer);
  }

  @Override
  public Map<String, Long> counters() {
    Map<String, Long> all = core.counters().values();
    for (Transport transport : links.transports()) {
      transport.counters().forEach((name, count) -> all.merge(transport.name() + "_" + name, count, Long::sum));
    }
    return all;
  }

  // PeerLabels.

  @Override
  public Map<String, Map<String, String>> labels() {
    return core.labels().all();
  }

  // AccessRules.

  @Override
  public List<ExposedService> rules() {
    return core.services().services();
  }

  @Override
  public AccessDecision test(String peer, String service, ChannelKind kind) {
    return core.services().decide(peer, service, kind);
  }

  // HealthCheck and Leaving.

  @Override
  public List<HealthResult> check() {
    return health.check();
  }

  @Override
  public int phase() {
    return Leaving.CLOSE;
  }

  @Override
  public CompletionStage<Void> leave(Duration bound) {
    return links.leave(bound.multipliedBy(4).dividedBy(5)); // The rest is for what says so to be sent.
  }
}
