package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.link.LinkInfo;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.PathSource;
import io.weft.support.Backoff;
import io.weft.support.SerialLoop;
import io.weft.transport.Link;
import io.weft.transport.LinkAcceptor;
import io.weft.transport.LinkHandler;
import io.weft.transport.LinkLimits;
import io.weft.transport.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The links to all peers. Their state belongs to one loop, the mesh's; whoever looks at them from another thread sees
 * snapshots, so the data path never waits for it.
 */
final class PeerLinks implements Session.Observer {

  private static final Logger log = LoggerFactory.getLogger(PeerLinks.class);
  private static final Duration FIRST_HANDSHAKE = Duration.ofMillis(400);

  /** How long links of a transport may go on that is no service any more: longer than any transport lets them. */
  static final Duration GOES_ON_MAX = Duration.ofSeconds(90);

  private final Core core;
  private final SerialLoop loop;
  private final RandomGenerator random;
  private final Traffic traffic = new Traffic();
  private final Ranked<PathSource> sources = new Ranked<>();
  private final Ranked<Transport> transports = new Ranked<>();
  private final Map<Transport, Registration> accepting = new HashMap<>();
  private final Map<Transport, Registration> going = new HashMap<>();
  private final Map<String, PeerLink> peers = new ConcurrentHashMap<>();
  private final List<Consumer<LinkInfo>> watchers = new CopyOnWriteArrayList<>();
  private Registration statistics = () -> {};
  private @Nullable CompletableFuture<Void> left;
  private boolean full;

  /** @param random for jitter; used on the loop only */
  PeerLinks(Core core, SerialLoop loop, RandomGenerator random) {
    this.core = core;
    this.loop = loop;
    this.random = random;
    loop.execute(this::reportLater);
  }

  // What comes and goes. Any thread.

  void add(PathSource source, Map<String, Object> properties) {
    sources.add(source, properties);
    loop.execute(() -> peers.values().forEach(PeerLink::retry));
  }

  void remove(PathSource source) {
    sources.remove(source);
  }

  void add(Transport transport, Map<String, Object> properties) {
    transports.add(transport, properties);
    loop.execute(() -> {
      if (!core.isLeaving()) {
        accepting.put(transport, transport.accept(limits(Integer.MAX_VALUE), new Doorman(transport)));
        Registration last = going.remove(transport);
        if (last != null) {
          last.close();
        }
        peers.values().forEach(PeerLink::retry);
        peers.values().forEach(PeerLink::moveIfTransportGoes);
      }
    });
  }

  /**
   * Its links stay: a transport that is updated lets them go on for a while, and one that ends closes them itself. As soon as there is another
   * transport, new links over that take over from them.
   */
  void remove(Transport transport) {
    transports.remove(transport);
    loop.execute(() -> {
      Registration registration = accepting.remove(transport);
      if (registration != null) {
        registration.close();
      }
      if (!core.isLeaving()) {
        going.put(transport, core.timers().after(GOES_ON_MAX, loop, () -> gone(transport)));
        peers.values().forEach(PeerLink::moveIfTransportGoes);
      }
    });
  }

  private void gone(Transport transport) {
    going.remove(transport);
    Reason reason = Reason.of("transport_stopped", "transport " + transport.name() + " is gone");
    peers.values().forEach(peer -> peer.transportGone(transport, reason));
  }

  /** What the directory says now. If nobody says anything any more, the last word counts. */
  void directory(List<Peer> known) {
    loop.execute(() -> merge(known));
  }

  private void merge(List<Peer> known) {
    if (core.isLeaving()) {
      return;
    }
    Map<String, Peer> byName = known.stream().collect(Collectors.toMap(Peer::name, Function.identity(), (a, b) -> a));
    peers.forEach((name, link) -> {
      if (!byName.containsKey(name) && link.unlist()) {
        peers.remove(name);
        core.labels().forget(name);
      }
    });
    for (Peer peer : known) {
      PeerLink link = peers.get(peer.name());
      if (link != null) {
        link.update(peer);
      } else if (peers.size() < core.limits().peers_max()) {
        full = false;
        add(peer);
      } else if (!full) {
        full = true;
        log.warn("peers ignored limit={} hint=\"raise mesh peers_max\"", core.limits().peers_max());
      }
    }
  }

  private void add(Peer peer) {
    Duration first = Duration.ofMillis(core.limits().backoff_first_ms());
    Duration most = Duration.ofMillis(core.limits().backoff_most_ms());
    PeerLink link = new PeerLink(this, core, peer, new Backoff(first, most, random));
    peers.put(peer.name(), link);
    changed(link);
    link.start();
  }

  // Questions. Any thread.

  List<LinkInfo> infos() {
    return peers.values().stream().map(PeerLink::info).sorted(Comparator.comparing(LinkInfo::peer)).toList();
  }

  Optional<LinkInfo> info(String peer) {
    return Optional.ofNullable(peers.get(peer)).map(PeerLink::info);
  }

  boolean knows(String peer) {
    return peers.containsKey(peer);
  }

  /** The session that is up, or null. */
  @Nullable Session session(String peer) {
    PeerLink link = peers.get(peer);
    return link == null ? null : link.session();
  }

  List<Session> sessions() {
    return peers.values().stream().map(PeerLink::session).filter(Objects::nonNull).toList();
  }

  List<Transport> transports() {
    return transports.all();
  }

  Registration watch(Consumer<LinkInfo> watcher) {
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  // Orders. Any thread.

  boolean open(String peer) {
    return order(peer, PeerLink::open);
  }

  boolean close(String peer, Reason reason, boolean stay) {
    return order(peer, link -> link.close(reason, stay));
  }

  private boolean order(String peer, Consumer<PeerLink> what) {
    PeerLink link = peers.get(peer);
    if (link != null) {
      loop.execute(() -> what.accept(link));
    }
    return link != null;
  }

  /** The services of this node have changed. */
  void announce() {
    sessions().forEach(Session::announce);
  }

  /** Says goodbye to all peers. Completes when they have closed the links, or after {@code bound}. */
  CompletableFuture<Void> leave(Duration bound) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    core.leaving().set(true);
    loop.execute(() -> {
      Reason reason = Reason.of("leaving", core.self().name() + " is leaving");
      stopAccepting();
      left = done;
      peers.values().forEach(peer -> peer.leave(reason));
      Registration timer = core.timers().after(bound, loop, () -> {
        peers.values().forEach(peer -> peer.stop(reason));
        done.complete(null);
      });
      done.whenComplete((nothing, failure) -> timer.close());
      completeIfAllLeft();
    });
    return done;
  }

  private void completeIfAllLeft() {
    if (left != null && sessions().isEmpty()) {
      left.complete(null);
    }
  }

  /** Ends everything; what is asked of this later comes to nothing. */
  void stop(Reason reason) {
    core.leaving().set(true);
    loop.execute(() -> {
      statistics.close();
      stopAccepting();
      peers.values().forEach(peer -> peer.stop(reason));
    });
  }

  private void stopAccepting() {
    accepting.values().forEach(Registration::close);
    accepting.clear();
    going.values().forEach(Registration::close);
    going.clear();
  }

  // For the links.

  /** Whether the transport of this session goes while there is another. */
  boolean isGoing(Session session) {
    return going.containsKey(session.transport()) && !transports.all().isEmpty();
  }

  SerialLoop loop() {
    return loop;
  }

  Traffic traffic() {
    return traffic;
  }

  /** @param moving whether there is a link already: then known addresses go first, since a way found over that link may go with it */
  Attempt attempt(Peer peer, long number, boolean controlling, long tries, boolean moving, Attempt.Observer observer) {
    List<PathSource> order = new ArrayList<>(sources.all());
    if (moving) {
      order.sort(Comparator.comparing(source -> peer.candidates().stream().noneMatch(source::understands)));
    }
    Attempt.Plan plan = new Attempt.Plan(peer, number, controlling, order, transports.all(), limits(tries));
    return new Attempt(core, plan, loop, observer, this);
  }

  void changed(PeerLink link) {
    LinkInfo info = link.info();
    for (Consumer<LinkInfo> watcher : watchers) {
      try {
        watcher.accept(info);
      } catch (RuntimeException e) {
        log.error("link watcher failed peer={}", info.peer(), e);
      }
    }
  }

  /** The first tries are short: a peer that just starts hears the next one sooner than a repeated packet of the first. */
  private LinkLimits limits(long tries) {
    Duration most = Duration.ofMillis(core.limits().handshake_timeout_ms());
    Duration doubled = FIRST_HANDSHAKE.multipliedBy(1L << Math.min(tries - 1, 10));
    Duration idle = Duration.ofMillis(core.limits().silence_timeout_ms() * 5 / 2); // The mesh notices first.
    return new LinkLimits(core.limits().channels_max() + 1, doubled.compareTo(most) < 0 ? doubled : most, idle,
        core.limits().datagrams_queue_max());
  }

  private void reportLater() {
    long interval = core.limits().statistics_interval_ms();
    Duration wait = Duration.ofMillis(interval - random.nextLong(interval / 10 + 1));
    statistics = core.timers().after(wait, loop, () -> {
      traffic.report(sessions());
      reportLater();
    });
  }

  // Session.Observer: on the loops of the links.

  @Override
  public void greeted(Session session) {
    loop.execute(() -> {
      PeerLink link = peers.get(session.peer().name());
      if (link == null) {
        session.close(Reason.of("unknown_peer"));
      } else {
        link.greeted(session);
      }
    });
  }

  @Override
  public void degraded(Session session, boolean degraded) {
    loop.execute(() -> {
      PeerLink link = peers.get(session.peer().name());
      if (link != null) {
        link.degraded(session, degraded);
      }
    });
  }

  @Override
  public void moving(Session session) {
    loop.execute(() -> {
      PeerLink link = peers.get(session.peer().name());
      if (link != null) {
        link.moving(session);
      }
    });
  }

  @Override
  public void closed(Session session, Reason reason, boolean byPeer) {
    loop.execute(() -> {
      PeerLink link = peers.get(session.peer().name());
      if (link != null && link.closed(session, reason, byPeer)) {
        peers.remove(session.peer().name());
        core.labels().forget(session.peer().name());
      }
      completeIfAllLeft();
    });
  }

  /** Lets in whom the directory knows. Called on the loops of links. */
  private final class Doorman implements LinkAcceptor {

    private final Transport transport;

    Doorman(Transport transport) {
      this.transport = transport;
    }

    @Override
    public Optional<PeerIdentity> expected(String name) {
      PeerLink link = core.isLeaving() ? null : peers.get(name);
      return link == null ? Optional.empty() : Optional.of(link.peer().identity());
    }

    @Override
    public LinkHandler accepted(Link link) {
      Session session = new Session(core, PeerLinks.this, transport, link.peer(), null, 0);
      session.open(link);
      return session;
    }
  }
}
