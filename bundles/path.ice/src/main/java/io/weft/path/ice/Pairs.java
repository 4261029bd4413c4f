package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.PairReport;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.path.ice.check.Sockets;
import io.weft.support.stun.StunMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All pairs of one agreed attempt: finds one that works, keeps it, and moves to another when it goes silent or a better one turns up.
 * Direct pairs are found by the {@link Checker}; what has a relay at either end, and what is in use, by checks of our own. Runs until it is
 * closed. On the loop of its session only.
 */
final class Pairs implements StunDesk.Server, Probes.Answers, DirectSearch.Found, SecondPort.User {

  /** What follows for the path. On the loop. */
  interface Listener {

    /** The pair that packets take from now on; the first means that the attempt has connected. */
    void lead(Pairs from, Pair pair);

    /** The peer proved that it is there; packets from there are its. */
    void admit(Pairs from, Wire wire, InetSocketAddress remote);

    /** One more address of this node, for the peer. */
    void gathered(Pairs from, RemoteAddress own);

    /** Nothing works and nothing more is tried. */
    void failed(Pairs from, String why);

    /** The pair in use went silent; another took over, or none is known. */
    void shaken(Pairs from, boolean another);
  }

  private static final Duration RELAY_PATIENCE = Duration.ofSeconds(1);
  private static final long SEARCH = Negotiation.LIMIT.toNanos();
  /** What is direct works by now, unless something is wrong with the port. */
  private static final long STUCK = Duration.ofMillis(1_500).toNanos();
  private static final long RETURN = Duration.ofSeconds(5).toNanos();
  private static final int RETURN_ANSWERS = 3;

  private final Core core;
  private final Attempt attempt;
  private final Policy policy;
  private final Listener listener;
  private final Probes probes;
  private final Registration serving;
  private final PairList pairs = new PairList();
  private final PairWatch watch;
  private final DirectSearch search;
  private final PairMaker maker;
  private final long agreed;
  private @Nullable SecondPort second;
  private @Nullable InetSocketAddress mapped;
  private long heard = Pair.NEVER;
  private boolean closed;

  Pairs(Core core, Attempt attempt, Description theirs, boolean controlling, Policy policy, Listener listener) {
    this.core = core;
    this.attempt = attempt;
    this.policy = policy;
    this.listener = listener;
    this.agreed = now();
    this.probes = new Probes(core, attempt.credentials(), theirs.credentials(), controlling, this);
    this.watch = new PairWatch(core.keepalive(), attempt, pairs, probes, this::left);
    this.search = new DirectSearch(core, this);
    this.maker = new PairMaker(core, policy, search, pairs, pair -> listener.lead(this, pair));
    this.serving = core.desk().serve(attempt.credentials().ufrag(), this);
  }

  /** Begins with the direct pairs. */
  void start(Checker.Plan plan) {
    search.start(plan);
  }

  /** What the checker sends through. */
  Sockets sockets() {
    return search.sockets();
  }

  Attempt attempt() {
    return attempt;
  }

  @Nullable Pair active() {
    return pairs.active();
  }

  private long now() {
    return core.clock().nanos();
  }

  // What is tried.

  /** One more address of the peer, filtered. */
  void remote(RemoteAddress candidate) {
    if (!closed) {
      maker.remote(candidate);
    }
  }

  /** One more relay of ours. */
  void relay(Wire relay) {
    if (!closed) {
      maker.relay(relay);
    }
  }

  // Another port.

  /** Whether direct pairs were tried for a while, and none works. */
  boolean isStuck() {
    Pair active = active();
    boolean waited = now() - agreed > STUCK && now() - attempt.started() < SEARCH;
    return second == null && !closed && waited && search.hasBegun() && (active == null || active.isRelayed()) && !targets().isEmpty();
  }

  /** Tries from another port too, whose address outside these servers tell. */
  void openSecondPort(Set<InetSocketAddress> servers) {
    second = new SecondPort(core, servers, this);
    second.open();
  }

  @Override
  public Collection<InetSocketAddress> targets() {
    return maker.targets();
  }

  @Override
  public void open(RemoteAddress outside) {
    listener.gathered(this, outside);
  }

  @Override
  public void check(Wire wire) {
    maker.port(wire);
  }

  private void closeSecondPort() {
    SecondPort port = second;
    if (port != null) {
      Pair active = active();
      boolean used = active != null && port.is(active.wire);
      pairs.removeIf(pair -> port.is(pair.wire));
      port.close(used);
    }
  }

  private boolean usesSecondPort() {
    Pair active = active();
    return second != null && active != null && second.is(active.wire);
  }

  // What is found.

  @Override
  public void seen(InetSocketAddress from) {
    if (!closed) {
      listener.admit(this, core.wire(), from);
    }
  }

  @Override
  public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
    Pair pair = maker.proved(remote, local, kind);
    pair.answered(now(), -1);
    use(pair);
  }

  @Override
  public void failed(String why) {
    if (active() == null && pairs.isEmpty()) {
      listener.failed(this, why);
    }
  }

  private void use(Pair pair) {
    if (active() == pair) {
      return;
    }
    boolean first = active() == null;
    pairs.use(pair);
    pair.left = Pair.NEVER;
    listener.lead(this, pair);
    if (!first || pair.isRelayed()) {
      probes.check(pair, true);
    }
  }

  @Override
  public void request(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    if (closed) {
      return;
    }
    if (search.isRunning() && on == core.wire() && !Probes.isProbe(message)) {
      if (search.knows(from) || probes.isPeers(message)) {
        search.request(packet, from);
      }
      return;
    }
    if (!isWelcome(on, from) || !probes.isPeers(message)) {
      return;
    }
    probes.respond(on, message, from);
    listener.admit(this, on, from);
    Pair pair = pairs.find(on, from);
    if (pair == null) {
      pair = stranger(on, from);
    }
    if (pair == null) {
      return;
    }
    Pair active = active();
    if (pair.unanswered < 2 && (!pair.isValid() || now() - pair.sent > PairWatch.FRESH)) {
      probes.check(pair, pair == active);
    }
    if (message.has(Ice.USE_CANDIDATE) && active != null && pair != active && active.unanswered == 0) {
      probes.check(active, true); // The peer left this pair; it may know something.
    }
  }

  /** Whether the policy allows a pair with this address at all. */
  private boolean isWelcome(Wire on, InetSocketAddress from) {
    if (pairs.find(on, from) != null || policy == Policy.any) {
      return true;
    }
    boolean relayed = on.kind() == CandidateKind.relay || maker.kindOf(from) == CandidateKind.relay;
    // A direct check of ice4j that comes late is for one that found its pair already.
    return relayed == (policy == Policy.relay_only);
  }

  /** The peer is at an address that it did not know of, or not yet: rebound, or behind a NAT that maps by destination. */
  private @Nullable Pair stranger(Wire on, InetSocketAddress from) {
    pairs.makeRoomForStranger();
    return maker.add(on, from, on.kind(), CandidateKind.prflx);
  }

  @Override
  public void answered(Pair pair, InetSocketAddress seenAs, long took) {
    if (closed) {
      return;
    }
    long now = now();
    long silence = pair.answered == Pair.NEVER ? 0 : now - took - Math.max(pair.answered, heard);
    pair.answered(now, took);
    listener.admit(this, pair.wire, pair.remote);
    if (pair == active() && pair.wire == core.wire()) {
      notice(seenAs, silence);
    }
    if (active() == null) {
      considerFirst(now);
    } else if (pair != active()) {
      considerOther(pair, active(), now);
    }
  }

  /** How the peer sees us tells whether the NAT kept its word. */
  private void notice(InetSocketAddress seenAs, long silence) {
    InetSocketAddress before = mapped;
    mapped = seenAs;
    if (before != null && before.equals(seenAs)) {
      core.keepalive().kept(silence);
    } else if (before != null) {
      core.keepalive().lost(silence);
    }
  }

  private void considerFirst(long now) {
    boolean patient = search.isRunning() && now - attempt.started() < RELAY_PATIENCE.toNanos();
    if (patient) {
      return;
    }
    Pair best = pairs.best(null, now);
    if (best != null) {
      use(best);
    }
  }

  /** Another pair than that in use was answered. */
  private void considerOther(Pair pair, Pair current, long now) {
    boolean returned = pair.left == Pair.NEVER || now - pair.left > RETURN && pair.answers >= RETURN_ANSWERS && pair.loss() < 0.5;
    boolean better = current.isRelayed() && !pair.isRelayed() && pair.unanswered == 0;
    boolean moved = current.isDoubtful(now) && !(pair.isRelayed() && !current.isRelayed());
    if (returned && (better || moved) || current.isSilent(now)) {
      use(pair);
    }
  }

  // What is kept.

  /** @param lastHeard monotonic time of the last QUIC packet of the peer */
  void tick(long lastHeard) {
    if (closed) {
      return;
    }
    heard = Math.max(lastHeard, Pair.NEVER);
    long now = now();
    if (now - attempt.started() > SEARCH) {
      search.end();
      if (!usesSecondPort()) {
        closeSecondPort();
      }
    }
    boolean searching = active() == null;
    watch.tick(now, heard);
    if (searching) {
      considerFirst(now);
    }
  }

  private void left(Pair pair) {
    long now = now();
    pair.left = now;
    pair.answers = 0;
    Pair other = pairs.best(pair, now);
    if (other != null) {
      use(other);
      watch.calmed();
    }
    listener.shaken(this, other != null);
  }

  /** When the peer last proved that it is there by an answer. */
  long answeredNanos() {
    return pairs.answeredNanos();
  }

  /** Whether direct pairs are still being tried. */
  boolean isSearching() {
    return search.isRunning();
  }

  /** Whether something is being searched for or in doubt, so that ticks should come often. */
  boolean isBusy() {
    Pair active = active();
    return active == null || search.isRunning() || active.unanswered > 0 || now() - attempt.started() < SEARCH && pairs.size() > 1;
  }

  List<PairReport> reports() {
    return maker.reports();
  }

  List<RemoteAddress> remotes() {
    return maker.remotes();
  }

  boolean uses(Wire wire) {
    return active() != null && active().wire == wire;
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    search.end();
    closeSecondPort();
    serving.close();
    probes.close();
    pairs.clear();
  }
}
