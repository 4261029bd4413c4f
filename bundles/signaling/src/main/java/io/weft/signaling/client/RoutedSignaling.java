package io.weft.signaling.client;

import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.weft.directory.PeerDirectory;
import io.weft.link.LinkInfo;
import io.weft.link.Links;
import io.weft.node.Clock;
import io.weft.node.HealthCheck;
import io.weft.node.HealthResult;
import io.weft.node.Node;
import io.weft.node.NodeIdentity;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.signaling.Broker;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalNotSent;
import io.weft.signaling.SignalReceiver;
import io.weft.signaling.Signaling;
import io.weft.support.signal.Counters;
import io.weft.transport.RawChannels;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signalling as others see it. Its thread, its sockets and its service at peers are there only once somebody sends or wants to receive, so
 * a node that has no use for it pays nothing.
 */
@Component(name = "weft.signaling", service = {Signaling.class, HealthCheck.class, RoutedSignaling.class})
@Designate(ocd = ClientConfig.class)
public final class RoutedSignaling implements Signaling, HealthCheck {

  private static final Logger log = LoggerFactory.getLogger(RoutedSignaling.class);
  private static final int BROKERS_MAX = 8;
  private static final int PEERS_ASKED = 64;
  private static final long STOP_SECONDS = 2;
  private static final Registration NONE = () -> {};

  private final List<BrokerUrl> urls;
  private final @Nullable Path trust;
  private final Node node;
  private final NodeIdentity identity;
  private final Clock clock;
  private final Timers timers;
  private final Counters counters = new Counters();
  private final List<SignalReceiver> receivers = new CopyOnWriteArrayList<>();
  private final Lookup lookup = new Lookup();
  private final Courier.Surroundings surroundings;
  private final LinkPost post;
  // Guarded by this, which is held while nothing foreign but RawChannels.serve is called; that takes no lock of ours.
  private @Nullable NioEventLoopGroup group;
  private @Nullable Courier courier;
  private @Nullable RawChannels channels;
  private Registration served = NONE;
  private boolean closed;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  volatile @Nullable PeerDirectory directory;

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  volatile @Nullable Links links;

  @Activate
  public RoutedSignaling(
      ClientConfig config,
      @Reference Node node,
      @Reference NodeIdentity identity,
      @Reference Clock clock,
      @Reference Timers timers) {
    this.urls = Stream.of(config.brokers()).map(BrokerUrl::parse).distinct().limit(BROKERS_MAX).toList();
    this.trust = config.trust().isEmpty() ? null : node.home().resolve(config.trust());
    this.node = node;
    this.identity = identity;
    this.clock = clock;
    this.timers = timers;
    this.surroundings = new Courier.Surroundings(() -> directory, () -> links, this::channels, receivers);
    this.post = new LinkPost(clock, timers, (peer, bytes) -> courier().ifPresent(now -> now.arrived(peer, bytes)));
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, cardinality = ReferenceCardinality.MULTIPLE)
  void addReceiver(SignalReceiver receiver) {
    receivers.add(receiver);
    if (!urls.isEmpty()) {
      courier().ifPresent(Courier::listen);
    }
    serve();
  }

  void removeReceiver(SignalReceiver receiver) {
    receivers.remove(receiver);
    serve();
  }

  @Reference(policy = ReferencePolicy.DYNAMIC, policyOption = ReferencePolicyOption.GREEDY,
      cardinality = ReferenceCardinality.OPTIONAL)
  void setChannels(RawChannels now) {
    synchronized (this) {
      channels = now;
      served.close();
      served = NONE;
    }
    serve();
  }

  void unsetChannels(RawChannels gone) {
    synchronized (this) {
      if (channels == gone) {
        channels = null;
        served.close();
        served = NONE;
      }
    }
  }

  /** Peers see the service only while somebody here wants what they send. */
  private synchronized void serve() {
    RawChannels now = channels;
    boolean wanted = now != null && !receivers.isEmpty() && !closed;
    if (wanted && served == NONE) {
      try {
        served = post.serve(now);
      } catch (IllegalStateException e) { // an operator exposes something of that name
        log.warn("signals over links not served service={} reason={}", LinkPost.SERVICE, e.getMessage());
      }
    } else if (!wanted) {
      served.close();
      served = NONE;
    }
  }

  /** Makes it if need be; empty after {@link #close}. */
  private synchronized Optional<Courier> courier() {
    if (courier == null && !closed) {
      NioEventLoopGroup made = new NioEventLoopGroup(1, task -> {
        Thread thread = new Thread(task, "weft-signaling-1");
        thread.setDaemon(true);
        return thread;
      });
      EventLoop loop = made.next();
      SecureRandom random = new SecureRandom();
      BrokerClient.Tools tools = new BrokerClient.Tools(identity, clock, timers, counters, random);
      ClientTls tls = ClientTls.of(urls, trust);
      List<HttpLane.Way> ways = urls.stream().map(url -> new HttpLane.Way(loop, url, lookup, timers, tls)).toList();
      group = made;
      courier = new Courier(loop, node.fabric(), tools, ways, surroundings);
    }
    return Optional.ofNullable(closed ? null : courier);
  }

  private synchronized @Nullable RawChannels channels() {
    return channels;
  }

  @Override
  public boolean reaches(PeerIdentity to) {
    if (surroundings.linked(to.name())) {
      return true;
    }
    Courier now;
    synchronized (this) {
      now = courier;
    }
    return now == null ? !urls.isEmpty() : now.hasBroker();
  }

  @Override
  public CompletableFuture<String> send(PeerIdentity to, Signal signal) {
    return courier()
        .map(now -> now.send(to, signal))
        .orElseGet(() -> CompletableFuture.failedFuture(new SignalNotSent(Reason.of("cancelled", "this node stops"))));
  }

  @Override
  public void renew() {
    Courier now;
    synchronized (this) {
      now = courier;
    }
    if (now != null) {
      now.renew();
    }
  }

  @Override
  public List<Broker> brokers() {
    Courier now;
    synchronized (this) {
      now = courier;
    }
    return now != null ? now.states() : urls.stream().map(url -> new Broker(url.toString(), false, null, null)).toList();
  }

  /** Asks all brokers now; completes within 10 s. */
  List<CompletableFuture<Broker>> probe() {
    return urls.isEmpty() ? List.of() : courier().map(Courier::probe).orElse(List.of());
  }

  /** How far the clocks of peers with a link that listen for signals are ahead of ours, by peer. Each completes within 10 s. */
  Map<String, CompletableFuture<Duration>> peerClocks() {
    RawChannels through = channels();
    Links now = links;
    Map<String, CompletableFuture<Duration>> clocks = new TreeMap<>();
    if (through == null || now == null) {
      return clocks;
    }
    now.links().stream().map(LinkInfo::peer).filter(surroundings::linked).limit(PEERS_ASKED).forEach(peer -> {
      Instant asked = clock.now();
      clocks.put(peer, LinkPost.send(through, peer, "[]").thenApply(theirs -> {
        Instant between = asked.plus(Duration.between(asked, clock.now()).dividedBy(2));
        return Duration.between(between, Instant.ofEpochMilli(theirs));
      }));
    });
    return clocks;
  }

  @Override
  public Map<String, Long> counters() {
    return counters.snapshot();
  }

  @Override
  public List<HealthResult> check() {
    return SignalingHealth.check(brokers());
  }

  @Deactivate
  void close() {
    Courier ending;
    NioEventLoopGroup threads;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      served.close();
      served = NONE;
      ending = courier;
      threads = group;
    }
    lookup.close();
    if (ending != null && threads != null) {
      ending.close();
      threads.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
    }
  }
}
