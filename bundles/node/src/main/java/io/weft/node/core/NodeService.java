package io.weft.node.core;

import io.weft.node.Clock;
import io.weft.node.Leaving;
import io.weft.node.Node;
import io.weft.node.NodeId;
import io.weft.node.NodeIdentity;
import io.weft.node.NodeState;
import io.weft.node.Timers;
import io.weft.support.ProcessAge;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node: what it was told to be, and its way from starting to left. */
@Component(
    name = "weft.node",
    service = {Node.class, NodeService.class},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = NodeConfig.class)
public final class NodeService implements Node {

  private static final Logger log = LoggerFactory.getLogger(NodeService.class);

  private final String name;
  private final String fabric;
  private final String version;
  private final Path home;
  private final Instant startedAt;
  private final Clock clock;
  private final Timers timers;
  private final long incarnation = new SecureRandom().nextLong();
  private volatile Map<String, String> labels;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  volatile @Nullable NodeIdentity identity;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY)
  private volatile List<Leaving> leaving = List.of();

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  private volatile @Nullable Configured configured;

  // Guards state and departure. Nothing foreign is called while it is held.
  private final Object lock = new Object();
  private NodeState state = NodeState.starting;
  private @Nullable CompletableFuture<Void> departure;

  @Activate
  public NodeService(BundleContext context, NodeConfig config, @Reference Clock clock, @Reference Timers timers) {
    this(config, Path.of(property(context, "weft.home", ".")), property(context, "weft.version", "unknown"), clock, timers);
  }

  NodeService(NodeConfig config, Path home, String version, Clock clock, Timers timers) {
    this.name = config.node_name();
    this.fabric = config.fabric();
    this.version = version;
    this.home = home.toAbsolutePath().normalize();
    this.clock = clock;
    this.timers = timers;
    this.labels = labels(config);
    this.startedAt = clock.now().minus(ProcessAge.now());
  }

  private static String property(BundleContext context, String key, String otherwise) {
    String value = context.getProperty(key);
    return value == null || value.isEmpty() ? otherwise : value;
  }

  /** Only labels apply while running; nobody who uses this service is disturbed. */
  @Modified
  void modified(NodeConfig config) {
    labels = labels(config);
  }

  private static Map<String, String> labels(NodeConfig config) {
    Map<String, String> labels = new TreeMap<>();
    for (String label : config.node_labels()) {
      int equals = label.indexOf('=');
      labels.put(equals < 0 ? label : label.substring(0, equals), equals < 0 ? "" : label.substring(equals + 1));
    }
    return Map.copyOf(labels);
  }

  /** Everything configured is there; from now on the node is ready, unless it is on its way out. */
  void everythingIsThere() {
    synchronized (lock) {
      if (state != NodeState.starting) {
        return;
      }
      state = NodeState.ready;
    }
    log.info("node ready name={} id={} in_ms={}", name, id(), Duration.between(startedAt, clock.now()).toMillis());
  }

  @Override
  public CompletionStage<Void> leave(Duration bound) {
    CompletableFuture<Void> left;
    synchronized (lock) {
      if (departure != null) {
        return departure.copy();
      }
      departure = new CompletableFuture<>();
      left = departure;
      state = NodeState.leaving;
    }
    long from = clock.nanos();
    log.info("node leaving name={} bound_ms={}", name, bound.toMillis());
    new Departure(leaving, bound, timers, NodeService::onItsOwnThread).start().thenRun(() -> {
      synchronized (lock) {
        state = NodeState.left;
      }
      log.info("node left name={} in_ms={}", name, (clock.nanos() - from) / 1_000_000);
      left.complete(null);
    });
    return left.copy();
  }

  /** Leaving does not wait for whatever else keeps the threads of this node busy. */
  private static void onItsOwnThread(Runnable step) {
    Thread thread = new Thread(step, "weft-node-leave-1");
    thread.setDaemon(true);
    thread.start();
  }

  boolean hasIdentity() {
    return identity != null;
  }

  @Override
  public NodeId id() {
    NodeIdentity known = identity;
    if (known == null) {
      throw new IllegalStateException("this node has no identity yet: its formation secret could not be read so far");
    }
    return known.self().id();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String fabric() {
    return fabric;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Map<String, String> labels() {
    return labels;
  }

  @Override
  public NodeState state() {
    synchronized (lock) {
      return state;
    }
  }

  @Override
  public Instant startedAt() {
    return startedAt;
  }

  @Override
  public Path home() {
    return home;
  }

  @Override
  public String sharedDigest() {
    Configured known = configured;
    return known == null ? "" : known.sharedDigest();
  }

  @Override
  public long incarnation() {
    return incarnation;
  }
}
