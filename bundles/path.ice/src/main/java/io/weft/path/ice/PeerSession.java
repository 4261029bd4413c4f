package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.NatKind;
import io.weft.path.NoPath;
import io.weft.path.PairReport;
import io.weft.path.Path;
import io.weft.path.PathReport;
import io.weft.path.PathType;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything between this node and one peer: the attempt that runs, the road that is in use, who waits for one. Starts attempts of its own
 * where a road goes bad or could be better. On the loop only.
 */
final class PeerSession implements Negotiation.Steps, Pairs.Listener {

  private static final Logger log = LoggerFactory.getLogger(PeerSession.class);

  private static final long CONSENT = Duration.ofSeconds(30).toNanos();
  private static final long UNUSED = Duration.ofSeconds(45).toNanos();
  private static final long YOUNG = Duration.ofSeconds(10).toNanos();
  private static final Duration FIND_LIMIT = Duration.ofSeconds(28);
  private static final Duration RETIRE = Duration.ofSeconds(5);
  private static final long RESTART_FIRST = Duration.ofMillis(500).toNanos();
  private static final long RESTART_MOST = Duration.ofSeconds(5).toNanos();
  private static final long UPGRADE_FIRST = Duration.ofSeconds(5).toNanos();
  private static final long UPGRADE_MOST = Duration.ofSeconds(60).toNanos();
  /** So long the peer has to say its address outside, before it is decided without whether its private ones are near. */
  private static final long SCOPE_PATIENCE = Duration.ofSeconds(1).toNanos();

  private static final int WAITING_MAX = 16;
  private static final int LOCAL_MAX = 16;

  /** Somebody who asked for a path. */
  private record Waiting(CompletableFuture<Path> result, Registration limit) {}

  private final Core core;
  private final PeerIdentity peer;
  private final Surroundings surroundings;
  private final boolean controlling;
  private final Negotiation negotiation;
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<RemoteAddress> local = new ArrayList<>();
  private final List<Wire> relays = new ArrayList<>();
  private final List<PairReport> filtered = new ArrayList<>();
  private final List<RemoteAddress> known = new ArrayList<>();
  private final List<RemoteAddress> held = new ArrayList<>();
  private @Nullable Road road;
  private @Nullable Road fresh;
  private @Nullable Pairs trying;
  private List<PairReport> lastPairs = List.of();
  private List<RemoteAddress> lastRemotes = List.of();
  private @Nullable Description theirs;
  private long restartAt = Long.MAX_VALUE;
  private long restartWait = RESTART_FIRST;
  private long upgradeAt = Long.MAX_VALUE;
  private long upgradeWait = UPGRADE_FIRST;
  private String state = "idle";
  private String cause = "";
  private Instant since;
  private long number;
  private boolean moved;
  private boolean closed;

  PeerSession(Core core, PeerIdentity self, PeerIdentity peer, Surroundings surroundings) {
    this.core = core;
    this.peer = peer;
    this.surroundings = surroundings;
    this.controlling = self.id().compareTo(peer.id()) < 0;
    this.since = core.clock().now();
    this.negotiation =
        new Negotiation(core.clock(), core.timers(), core.loop(), core.random(), controlling, this::labelled, core.counters(), this);
  }

  private Description labelled(Description plain) {
    var labels = surroundings.labels();
    return new Description(
        plain.credentials(), plain.link(), plain.answers(), plain.seen(), labels.getOrDefault("site", ""),
        labels.getOrDefault("nat_group", ""), labels.getOrDefault("area", ""), surroundings.nat());
  }

  // Asked for.

  void find(CompletableFuture<Path> result) {
    long now = core.clock().nanos();
    if (closed || waiting.size() >= WAITING_MAX) {
      result.completeExceptionally(new NoPath(Reason.of("closed", "paths are not looked for any more")));
      return;
    }
    if (road != null && !negotiation.isRunning() && now - road.opened() < YOUNG && isAlive(road)) {
      give(result, road);
      return;
    }
    if (!negotiation.isRunning() && !surroundings.canSignal(peer)) {
      noPath(result, "no_signal", "there is no way to leave a note for " + peer.name());
      return;
    }
    Registration limit = core.timers().after(FIND_LIMIT, core.loop(),
        () -> noPath(result, "timeout", "no path within " + FIND_LIMIT.toSeconds() + " s"));
    Waiting entry = new Waiting(result, limit);
    waiting.add(entry);
    result.whenComplete((path, failure) -> core.loop().execute(() -> leave(entry)));
    negotiation.start(link());
  }

  /** Ends a search if the peer has not said anything so far. */
  void giveUpUnanswered(CompletableFuture<Path> result) {
    if (trying == null) {
      noPath(result, "no_answer", "the peer did not answer");
    }
  }

  private void leave(Waiting entry) {
    entry.limit.close();
    waiting.remove(entry);
    Attempt attempt = negotiation.current();
    // Nobody wants what we began; what the peer began it may want itself.
    if (waiting.isEmpty() && attempt != null && attempt.isOffer() && negotiation.isRunning() && fresh == null && road == null) {
      negotiation.fail(attempt, Reason.of("cancelled"));
    }
  }

  private long link() {
    long link = core.random().nextLong();
    return link == 0 ? 1 : link;
  }

  private void noPath(CompletableFuture<Path> result, String code, String detail) {
    cause = code;
    result.completeExceptionally(new NoPath(Reason.of(code, detail)));
  }

  private void give(CompletableFuture<Path> result, Road by) {
    IcePath path = by.path(core.loop());
    if (!result.complete(path)) {
      path.close();
    }
  }

  private boolean isAlive(Road of) {
    Pairs pairs = of.pairs();
    return pairs != null && pairs.active() != null && pairs.active().unanswered < 2;
  }

  /** A note of the peer. */
  void received(Signal signal) {
    if (!closed) {
      negotiation.received(signal);
    }
  }

  // Negotiation.Steps.

  @Override
  public void send(Signal signal) {
    surroundings.send(peer, signal).whenComplete((way, failure) -> {
      if (failure != null) {
        core.counters().add(IceCounters.SIGNALS_UNSENT);
        log.debug("signal not sent peer={} type={} why={}", peer.name(), signal.type(), failure.getMessage());
      }
    });
  }

  @Override
  public void began(Attempt attempt) {
    core.counters().add(IceCounters.ATTEMPTS);
    number = attempt.number();
    local.clear();
    relays.clear();
    filtered.clear();
    become("gathering", "");
    Policy policy = surroundings.policy(peer);
    surroundings.gather(policy != Policy.relay_only, policy != Policy.direct_only,
        found -> gathered(attempt, found), wire -> relayed(attempt, wire), () -> negotiation.say(attempt, SignalType.done, new byte[0]));
    if (attempt == negotiation.current() && negotiation.isRunning() && trying == null) {
      become("signalling", "");
    }
  }

  private void gathered(Attempt attempt, List<RemoteAddress> found) {
    List<RemoteAddress> news = found.stream().filter(f -> !local.contains(f)).limit(Math.max(0, LOCAL_MAX - local.size())).toList();
    if (attempt == negotiation.current() && !news.isEmpty()) {
      local.addAll(news);
      negotiation.say(attempt, SignalType.candidate, Notes.encode(news));
    }
  }

  private void relayed(Attempt attempt, Wire wire) {
    if (attempt == negotiation.current()) {
      relays.add(wire);
      Pairs pairs = trying != null ? trying : road == null ? null : road.pairs();
      if (pairs != null && pairs.attempt() == attempt) {
        pairs.relay(wire);
      }
    }
  }

  @Override
  public void agreed(Attempt attempt, Description description) {
    theirs = description;
    known.clear();
    held.clear();
    become("checking", "");
    if (road == null || road.link() != attempt.link()) {
      fresh = new Road(attempt.link(), core.port().conduit(), core.clock().nanos());
    }
    Policy policy = surroundings.policy(peer);
    Pairs pairs = new Pairs(core, attempt, description, controlling, policy, this);
    trying = pairs;
    boolean direct = policy != Policy.relay_only && !surroundings.bases().isEmpty();
    if (direct) {
      pairs.start(new Checker.Plan(peer.name() + "/" + attempt.number(), controlling, attempt.credentials(), description.credentials(),
          surroundings.bases(), surroundings.mapped(), pairs.sockets()));
    }
    relays.forEach(pairs::relay);
  }

  @Override
  public void candidates(Attempt attempt, List<RemoteAddress> found) {
    Pairs pairs = trying != null ? trying : road == null ? null : road.pairs();
    if (pairs == null || pairs.attempt() != attempt) {
      return;
    }
    known.addAll(found.subList(0, Math.min(found.size(), Math.max(0, Notes.CANDIDATES_MAX - known.size()))));
    List<RemoteAddress> all = new ArrayList<>(held);
    all.addAll(found);
    held.clear();
    Scope scope = scope();
    all.forEach(candidate -> sort(pairs, candidate, scope));
  }

  private void sort(Pairs pairs, RemoteAddress candidate, Scope scope) {
    boolean unsure = scope == Scope.unknown && CandidateFilter.isPrivate(candidate.address().getAddress());
    if (unsure && core.clock().nanos() - pairs.attempt().started() < SCOPE_PATIENCE && held.size() < Notes.CANDIDATES_MAX) {
      held.add(candidate);
      return;
    }
    boolean same = scope == Scope.same || scope == Scope.unknown && Scope.isNear(candidate, surroundings.bases());
    String refusal = surroundings.filter().refusal(candidate.address(), surroundings.own(), same);
    if (refusal.isEmpty()) {
      pairs.remote(candidate);
      return;
    }
    core.counters().add(IceCounters.CANDIDATES_FILTERED + refusal);
    if (filtered.size() < LOCAL_MAX) {
      PairReport pair = Reports.pair(core.wire(), candidate.address(), candidate.kind(), "filtered");
      filtered.add(new PairReport(pair.local(), pair.remote(), "filtered", "filtered_" + refusal));
    }
  }

  private Scope scope() {
    Description d = theirs;
    if (d == null) {
      return Scope.unknown;
    }
    Scope byLabels = Scope.byLabels(surroundings.labels(), d);
    return byLabels == Scope.unknown ? Scope.byPublicAddress(surroundings.mapped(), known) : byLabels;
  }

  @Override
  public void over(Attempt attempt, Reason why) {
    core.counters().add(IceCounters.ATTEMPTS_FAILED + why.code());
    Pairs pairs = trying;
    if (pairs != null && pairs.attempt() == attempt) {
      keepForReport(pairs);
      pairs.close();
      trying = null;
    }
    if (fresh != null && fresh.link() == attempt.link()) {
      fresh.close(why);
      fresh = null;
    }
    if (why.code().equals("superseded")) {
      return; // Who waits goes over to the next one.
    }
    Policy policy = surroundings.policy(peer);
    String code = why.code().equals("no_answer") ? "no_answer" : surroundings.cause(policy, nat());
    if (road == null) {
      become("failed", code);
      log.debug("attempt failed peer={} attempt={} cause={}", peer.name(), attempt.number(), code);
    }
    for (Waiting entry : List.copyOf(waiting)) {
      noPath(entry.result, code, why.detail() + hint(code));
    }
    if (road != null) {
      restartAt = core.clock().nanos() + restartWait;
      restartWait = Math.min(restartWait * 2, RESTART_MOST);
    }
  }

  /** How the peer's NAT behaves, as it says. */
  private NatKind nat() {
    return theirs == null ? NatKind.unknown : theirs.nat();
  }

  private String hint(String code) {
    String advice = surroundings.advice(code);
    return advice.isEmpty() ? "" : "; " + advice;
  }

  private void keepForReport(Pairs pairs) {
    lastPairs = pairs.reports();
    lastRemotes = pairs.remotes();
  }

  // Pairs.Listener.

  @Override
  public void lead(Pairs from, Pair pair) {
    if (from == trying) {
      connected(from, pair);
    } else if (road != null && road.pairs() == from) {
      core.counters().add(IceCounters.PATHS_MOVED);
      road.lead(from, pair);
      log.info("path moved peer={} via={} address={}", peer.name(), pair.info().type(), pair.info().remoteAddress());
    } else {
      return;
    }
    become(pair.isRelayed() ? "relayed" : "direct", pair.isRelayed() ? surroundings.cause(surroundings.policy(peer), nat()) : "");
    long now = core.clock().nanos();
    boolean relayed = pair.isRelayed() && surroundings.policy(peer) == Policy.any;
    upgradeAt = relayed ? now + upgradeWait : Long.MAX_VALUE;
    if (pair.isRelayed()) {
      core.counters().add(IceCounters.PATHS_RELAYED);
    } else {
      upgradeWait = UPGRADE_FIRST;
    }
  }

  private void connected(Pairs from, Pair pair) {
    trying = null;
    core.counters().add(IceCounters.ATTEMPTS_CONNECTED);
    negotiation.connected(from.attempt());
    Road next = fresh != null && fresh.link() == from.attempt().link() ? fresh : road;
    if (next == null) {
      from.close();
      return;
    }
    fresh = null;
    Road before = road;
    road = next;
    next.lead(from, pair);
    if (before != null && before != next) {
      core.timers().after(RETIRE, core.loop(), () -> before.close(Reason.of("replaced", "another path took its place")));
    }
    restartAt = Long.MAX_VALUE;
    restartWait = RESTART_FIRST;
    keepForReport(from);
    log.info("path found peer={} via={} local={} remote={} address={} took_ms={}", peer.name(), pair.info().type(), pair.local,
        pair.kind(), pair.info().remoteAddress(), (core.clock().nanos() - from.attempt().started()) / 1_000_000);
    for (Waiting entry : List.copyOf(waiting)) {
      give(entry.result, next);
    }
  }

  @Override
  public void admit(Pairs from, Wire wire, InetSocketAddress remote) {
    Road to = from == trying && fresh != null ? fresh : road;
    if (to != null) {
      to.admit(wire, remote, new Pair(wire, remote, wire.kind(), CandidateKind.prflx, 0));
    }
  }

  @Override
  public void failed(Pairs from, String why) {
    if (from == trying) {
      negotiation.fail(from.attempt(), Reason.of("no_pair", why));
    }
  }

  @Override
  public void shaken(Pairs from, boolean another) {
    if (road != null && road.pairs() == from) {
      log.info("path silent peer={} another={}", peer.name(), another);
      surroundings.suspect();
      restartSoon();
    }
  }

  /** Another attempt for the same link. */
  private void restartSoon() {
    restartAt = Math.min(restartAt, core.clock().nanos());
  }

  /** The addresses of this node changed. */
  void moved() {
    if (road != null) {
      restartWait = RESTART_FIRST;
      moved = true;
      restartSoon();
    }
  }

  /** A relay was lost or came back: whoever hangs on one looks for another way. */
  void relaysChanged() {
    if (road != null && road.pairs() != null && road.pairs().active() != null && road.pairs().active().isRelayed()) {
      moved();
    }
  }

  // Time.

  void tick() {
    long now = core.clock().nanos();
    if (trying != null) {
      trying.tick(Pair.NEVER);
    }
    if (trying != null && !held.isEmpty() && now - trying.attempt().started() >= SCOPE_PATIENCE) {
      candidates(trying.attempt(), List.of());
    }
    Road current = road;
    if (current == null || current.pairs() == null) {
      return;
    }
    long heard = current.conduit().lastReceivedNanos();
    current.pairs().tick(heard);
    if (!current.isWanted(now, UNUSED)) {
      end(Reason.of("unused", "nobody uses the path"), "");
    } else if (now - Math.max(Math.max(heard, current.pairs().answeredNanos()), current.opened()) > CONSENT) {
      core.counters().add(IceCounters.CONSENT_EXPIRED);
      end(Reason.of("consent_expired", "the peer did not answer for " + CONSENT / 1_000_000_000L + " s"), "consent_expired");
    } else if (!negotiation.isRunning()) {
      again(current, now);
    }
  }

  private void again(Road current, long now) {
    boolean restart = now >= restartAt;
    boolean upgrade = now >= upgradeAt && !current.pairs().isSearching();
    if (restart && !moved && !upgrade && isAlive(current) && !current.pairs().active().isRelayed()) {
      restartAt = Long.MAX_VALUE; // It recovered by itself.
      return;
    }
    if (!restart && !upgrade || !surroundings.canSignal(peer)) {
      return;
    }
    restartAt = Long.MAX_VALUE;
    moved = false;
    if (upgrade) {
      upgradeWait = Math.min(upgradeWait * 2, UPGRADE_MOST);
      upgradeAt = now + upgradeWait;
    }
    negotiation.start(current.link());
  }

  private void end(Reason why, String because) {
    Road current = road;
    road = null;
    restartAt = Long.MAX_VALUE;
    upgradeAt = Long.MAX_VALUE;
    if (current != null) {
      log.info("path ended peer={} why={}", peer.name(), why.code());
      current.close(why);
    }
    become(because.isEmpty() ? "idle" : "failed", because);
  }

  private void become(String next, String because) {
    if (!state.equals(next) || !cause.equals(because)) {
      since = core.clock().now();
    }
    // A restart goes on beside the path that is in use.
    if (road == null || road.pairs() == null || next.equals("direct") || next.equals("relayed") || next.equals("failed")) {
      state = next;
      cause = because;
    }
  }

  boolean isBusy() {
    return trying != null || road != null && road.pairs() != null && road.pairs().isBusy();
  }

  /** Whether nothing would be lost without it. */
  boolean isIdle() {
    return road == null && fresh == null && waiting.isEmpty() && !negotiation.isRunning();
  }

  boolean uses(Wire wire) {
    return road != null && road.pairs() != null && road.pairs().uses(wire);
  }

  PathReport report() {
    Pairs pairs = trying != null ? trying : road == null ? null : road.pairs();
    List<PairReport> all = new ArrayList<>(pairs == null ? lastPairs : pairs.reports());
    all.addAll(filtered);
    List<RemoteAddress> remotes = pairs == null ? lastRemotes : pairs.remotes();
    boolean usable = road != null && road.pairs() != null;
    String because = state.equals("direct") ? "" : cause;
    return new PathReport(
        peer.name(), state, number, since, usable ? road.conduit().info() : null, surroundings.policy(peer).name(),
        local.stream().map(Reports::candidate).toList(), remotes.stream().map(Reports::candidate).toList(), all, because,
        surroundings.advice(because));
  }

  boolean isRelayed() {
    return road != null && road.conduit().info().type() == PathType.relayed;
  }

  void close(Reason why) {
    closed = true;
    Attempt attempt = negotiation.current();
    if (attempt != null && negotiation.isRunning()) {
      negotiation.fail(attempt, why);
    }
    negotiation.close();
    List.copyOf(waiting).forEach(entry -> noPath(entry.result, why.code(), why.detail()));
    if (fresh != null) {
      fresh.close(why);
    }
    end(why, "");
  }
}
