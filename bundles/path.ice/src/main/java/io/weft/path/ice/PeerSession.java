package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.CandidateKind;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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
  private static final long IN_USE = Duration.ofSeconds(1).toNanos();
  private static final Duration RETIRE = Duration.ofSeconds(5);
  private final Core core;
  private final PeerIdentity peer;
  private final Surroundings surroundings;
  private final boolean controlling;
  private final Negotiation negotiation;
  private final Standing standing;
  private final Seekers seekers;
  private final Told told;
  private final Retries retries = new Retries();
  private final Gathered own = new Gathered();
  private @Nullable Road road;
  private @Nullable Road fresh;
  private @Nullable Pairs trying;
  private long number;
  private boolean closed;

  PeerSession(Core core, PeerIdentity self, PeerIdentity peer, Surroundings surroundings) {
    this.core = core;
    this.peer = peer;
    this.surroundings = surroundings;
    this.controlling = self.id().compareTo(peer.id()) < 0;
    this.standing = new Standing(core.clock());
    this.seekers = new Seekers(core, standing::because, this::left);
    this.told = new Told(core, surroundings);
    this.negotiation =
        new Negotiation(core.clock(), core.timers(), core.loop(), core.random(), controlling,
            plain -> plain.saying(surroundings.labels(), surroundings.nat()), core.counters(), this);
  }

  // Asked for.

  void find(CompletableFuture<Path> result) {
    long now = core.clock().nanos();
    if (closed || seekers.isFull()) {
      result.completeExceptionally(new NoPath(Reason.of("closed", "paths are not looked for any more")));
      return;
    }
    if (road != null && !negotiation.isRunning() && now - road.opened() < YOUNG && road.isAlive()) {
      seekers.give(result, road);
      return;
    }
    if (!negotiation.isRunning() && !surroundings.canSignal(peer)) {
      seekers.refuse(result, Reason.of("no_signal", "there is no way to leave a note for " + peer.name()));
      return;
    }
    seekers.add(result);
    negotiation.start(Description.drawLink(core.random()));
  }

  /** Ends a search if the peer has not said anything so far. */
  void giveUpUnanswered(CompletableFuture<Path> result) {
    if (trying == null) {
      seekers.refuse(result, Reason.of("no_answer", "the peer did not answer"));
    }
  }

  private void left() {
    Attempt attempt = negotiation.current();
    // Nobody wants what we began; what the peer began it may want itself.
    if (seekers.isEmpty() && attempt != null && attempt.isOffer() && negotiation.isRunning() && fresh == null && road == null) {
      negotiation.fail(attempt, Reason.of("cancelled"));
    }
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
    own.clear();
    told.begin();
    become("gathering", "");
    Policy policy = surroundings.policy(peer);
    surroundings.gather(policy != Policy.relay_only, policy != Policy.direct_only,
        found -> gathered(attempt, found), wire -> relayed(attempt, wire), () -> negotiation.say(attempt, SignalType.done, new byte[0]));
    if (attempt == negotiation.current() && negotiation.isRunning() && trying == null) {
      become("signalling", "");
    }
  }

  private void gathered(Attempt attempt, List<RemoteAddress> found) {
    List<RemoteAddress> news = attempt == negotiation.current() ? own.add(found) : List.of();
    if (!news.isEmpty()) {
      negotiation.say(attempt, SignalType.candidate, Notes.encode(news));
    }
  }

  private void relayed(Attempt attempt, Wire wire) {
    if (attempt == negotiation.current()) {
      own.add(wire);
      Pairs pairs = pairs();
      if (pairs != null && pairs.attempt() == attempt) {
        pairs.relay(wire);
      }
    }
  }

  @Override
  public void agreed(Attempt attempt, Description description) {
    told.agreed(description);
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
    own.relays().forEach(pairs::relay);
  }

  @Override
  public void candidates(Attempt attempt, List<RemoteAddress> found) {
    Pairs pairs = pairs();
    if (pairs == null || pairs.attempt() != attempt) {
      return;
    }
    told.candidates(pairs, found);
  }

  @Override
  public void over(Attempt attempt, Reason why) {
    core.counters().add(IceCounters.ATTEMPTS_FAILED + why.code());
    Pairs pairs = trying;
    if (pairs != null && pairs.attempt() == attempt) {
      standing.keep(pairs);
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
    String code = why.code().equals("no_answer") ? "no_answer" : surroundings.cause(policy, told.nat());
    if (road == null) {
      become("failed", code);
      log.debug("attempt failed peer={} attempt={} cause={}", peer.name(), attempt.number(), code);
    }
    String advice = surroundings.advice(code);
    seekers.refuseAll(Reason.of(code, why.detail() + (advice.isEmpty() ? "" : "; " + advice)));
    if (road != null) {
      retries.failed(core.clock().nanos());
    }
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
    become(pair.isRelayed() ? "relayed" : "direct", pair.isRelayed() ? surroundings.cause(surroundings.policy(peer), told.nat()) : "");
    retries.led(core.clock().nanos(), pair.isRelayed(), surroundings.policy(peer) == Policy.any);
    if (pair.isRelayed()) {
      core.counters().add(IceCounters.PATHS_RELAYED);
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
    retries.connected();
    standing.keep(from);
    log.info("path found peer={} via={} local={} remote={} address={} took_ms={}", peer.name(), pair.info().type(), pair.local,
        pair.kind(), pair.info().remoteAddress(), (core.clock().nanos() - from.attempt().started()) / 1_000_000);
    seekers.giveAll(next);
  }

  @Override
  public void admit(Pairs from, Wire wire, InetSocketAddress remote) {
    Road to = from == trying && fresh != null ? fresh : road;
    if (to != null) {
      to.admit(wire, remote, new Pair(wire, remote, wire.kind(), CandidateKind.prflx));
    }
  }

  @Override
  public void gathered(Pairs from, RemoteAddress own) {
    gathered(from.attempt(), List.of(own));
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
      retries.soon(core.clock().nanos());
    }
  }

  /** The addresses of this node changed. */
  void moved() {
    if (road != null) {
      retries.moved(core.clock().nanos());
    }
  }

  /** A relay was lost or came back: whoever hangs on one looks for another way. */
  void relaysChanged() {
    if (road != null && road.isRelayed()) {
      moved();
    }
  }

  // Time.

  void tick() {
    long now = core.clock().nanos();
    if (trying != null) {
      trying.tick(Pair.NEVER);
    }
    if (trying != null) { // It may have led somewhere just now.
      told.tick(trying);
      tryAnotherPort(trying);
    }
    Road current = road;
    if (current == null || current.pairs() == null) {
      return;
    }
    long heard = current.conduit().lastReceivedNanos();
    current.pairs().tick(heard);
    tryAnotherPort(current.pairs());
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
    Pairs pairs = current.pairs();
    boolean well = current.isAlive() && !current.isRelayed();
    if (retries.isDue(now, well, pairs.isSearching()) && surroundings.canSignal(peer)) {
      retries.began(now, pairs.isSearching());
      negotiation.start(current.link());
    }
  }

  private void tryAnotherPort(Pairs pairs) {
    Set<InetSocketAddress> servers = surroundings.stunServers();
    if (!servers.isEmpty() && pairs.isStuck() && SecondPort.mayHelp(surroundings.nat(), told.nat())) {
      pairs.openSecondPort(servers);
    }
  }

  private void end(Reason why, String because) {
    Road current = road;
    road = null;
    retries.ended();
    if (current != null) {
      log.info("path ended peer={} why={}", peer.name(), why.code());
      current.close(why);
    }
    become(because.isEmpty() ? "idle" : "failed", because);
  }

  private void become(String next, String because) {
    standing.become(next, because, road != null && road.pairs() != null); // A restart goes on beside the path that is in use.
  }

  /** Whether ticks should come often; they do while there is traffic, so that its end is noticed at once. */
  boolean isBusy() {
    return trying != null || road != null && road.pairs() != null && (road.pairs().isBusy() || road.isInUse(core.clock().nanos(), IN_USE));
  }

  /** Whether nothing would be lost without it. */
  boolean isIdle() {
    return road == null && fresh == null && seekers.isEmpty() && !negotiation.isRunning();
  }

  boolean uses(Wire wire) {
    return road != null && road.pairs() != null && road.pairs().uses(wire);
  }

  PathReport report() {
    Pairs pairs = pairs();
    List<PairReport> all = new ArrayList<>(standing.pairs(pairs));
    all.addAll(told.filtered());
    boolean usable = road != null && road.pairs() != null;
    return new PathReport(
        peer.name(), standing.state(), number, standing.since(), usable ? road.conduit().info() : null, surroundings.policy(peer).name(),
        own.report(), standing.remotes(pairs).stream().map(Reports::candidate).toList(), all,
        standing.cause(), surroundings.advice(standing.cause()));
  }

  /** Those of the attempt that runs, else those that carry the road. */
  private @Nullable Pairs pairs() {
    return trying != null ? trying : road == null ? null : road.pairs();
  }

  void close(Reason why) {
    closed = true;
    Attempt attempt = negotiation.current();
    if (attempt != null && negotiation.isRunning()) {
      negotiation.fail(attempt, why);
    }
    negotiation.close();
    seekers.refuseAll(why);
    if (fresh != null) {
      fresh.close(why);
    }
    end(why, "");
  }
}
