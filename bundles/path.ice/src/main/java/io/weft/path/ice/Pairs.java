package io.weft.path.ice;

import io.netty.buffer.ByteBuf;
import io.weft.node.Registration;
import io.weft.path.CandidateKind;
import io.weft.path.PairReport;
import io.weft.path.ice.check.Check;
import io.weft.path.ice.check.CheckEvents;
import io.weft.path.ice.check.Checker;
import io.weft.path.ice.check.RemoteAddress;
import io.weft.path.ice.check.Sockets;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All pairs of one agreed attempt: finds one that works, keeps it, and moves to another when it goes silent or a better one turns up.
 * Direct pairs are found by the {@link Checker}; what has a relay at either end, and what is in use, by checks of our own. Runs until it is
 * closed. On the loop of its session only.
 */
final class Pairs implements StunDesk.Server, Probes.Answers {

  /** What follows for the path. On the loop. */
  interface Listener {

    /** The pair that packets take from now on; the first means that the attempt has connected. */
    void lead(Pairs from, Pair pair);

    /** The peer proved that it is there; packets from there are its. */
    void admit(Pairs from, Wire wire, InetSocketAddress remote);

    /** Nothing works and nothing more is tried. */
    void failed(Pairs from, String why);

    /** The pair in use went silent; another took over, or none is known. */
    void shaken(Pairs from, boolean another);
  }

  static final int PAIRS_MAX = 32;
  static final int STRANGERS_MAX = 8;

  private static final Duration RELAY_PATIENCE = Duration.ofSeconds(1);
  private static final long STANDBY_INTERVAL = Duration.ofSeconds(20).toNanos();
  private static final long SEARCH = Negotiation.LIMIT.toNanos();
  private static final long QUIET = Duration.ofMillis(300).toNanos();
  private static final long AGAIN = Duration.ofMillis(100).toNanos();
  private static final long AGAIN_SLOW = Duration.ofMillis(500).toNanos();
  private static final long FRESH = Duration.ofSeconds(3).toNanos();
  private static final long RETURN = Duration.ofSeconds(5).toNanos();
  private static final int RETURN_ANSWERS = 3;
  private static final int GIVE_UP = 60;
  private static final int AGAIN_MANY = 20;
  private static final int ASK_OTHERS = 3;
  private static final long CONSENT = Duration.ofSeconds(15).toNanos();

  private final Core core;
  private final Attempt attempt;
  private final Policy policy;
  private final Listener listener;
  private final Probes probes;
  private final Registration serving;
  private final List<Pair> pairs = new ArrayList<>();
  private final Map<InetSocketAddress, String> direct = new LinkedHashMap<>();
  private final List<RemoteAddress> remotes = new ArrayList<>();
  private final List<Wire> relays = new ArrayList<>();
  private volatile @Nullable Check check;
  private final StunDesk.Asker checked = this::checked;
  private @Nullable Pair active;
  private @Nullable InetSocketAddress mapped;
  private boolean shaken;
  private long heard = Pair.NEVER;
  private boolean closed;

  Pairs(Core core, Attempt attempt, Description theirs, boolean controlling, Policy policy, Listener listener) {
    this.core = core;
    this.attempt = attempt;
    this.policy = policy;
    this.listener = listener;
    this.probes = new Probes(core, attempt.credentials(), theirs.credentials(), controlling, this);
    this.serving = core.desk().serve(attempt.credentials().ufrag(), this);
  }

  /** Begins with the direct pairs. */
  void start(Checker.Plan plan) {
    check = core.checker().start(plan, new Found());
  }

  /** What the checker sends leaves here, and what answers it goes back to it. */
  Sockets sockets() {
    return (packet, to) -> {
      StunMessage message = StunMessage.decode(packet);
      if (message.kind() == Kind.request) {
        core.desk().expect(message.transaction(), checked);
      }
      core.wire().send(packet, to);
    };
  }

  private void checked(Wire on, StunMessage message, ByteBuf packet, InetSocketAddress from) {
    Check to = check;
    if (to != null && on == core.wire()) {
      to.packet(packet, from);
    }
  }

  Attempt attempt() {
    return attempt;
  }

  @Nullable Pair active() {
    return active;
  }

  // What is tried.

  /** One more address of the peer, filtered. */
  void remote(RemoteAddress candidate) {
    if (closed || remotes.stream().anyMatch(r -> r.address().equals(candidate.address()))) {
      return;
    }
    if (remotes.size() >= Notes.CANDIDATES_MAX) {
      core.counters().add(IceCounters.CANDIDATES_OVER_LIMIT);
      return;
    }
    remotes.add(candidate);
    if (candidate.kind() != CandidateKind.relay) {
      if (check != null) {
        direct.put(candidate.address(), "waiting");
        check.remote(candidate);
      }
    } else if (policy != Policy.direct_only) {
      add(core.wire(), candidate.address(), CandidateKind.host, CandidateKind.relay);
    }
    relays.forEach(relay -> add(relay, candidate.address(), CandidateKind.relay, candidate.kind()));
  }

  /** One more relay of ours. */
  void relay(Wire relay) {
    if (closed || policy == Policy.direct_only || relays.contains(relay)) {
      return;
    }
    relays.add(relay);
    remotes.forEach(remote -> add(relay, remote.address(), CandidateKind.relay, remote.kind()));
  }

  private @Nullable Pair add(Wire wire, InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
    Pair known = find(wire, remote);
    if (known != null) {
      learn(known, kind);
      return known;
    }
    if (pairs.size() >= PAIRS_MAX || !wire.reaches(remote)) {
      return null;
    }
    Pair pair = new Pair(wire, remote, local, kind, now());
    pairs.add(pair);
    return pair;
  }

  private void learn(Pair known, CandidateKind kind) {
    boolean before = known.isRelayed();
    known.told(kind);
    if (known == active && known.isRelayed() != before) {
      listener.lead(this, known);
    }
  }

  private @Nullable Pair find(Wire wire, InetSocketAddress remote) {
    for (Pair pair : pairs) {
      if (pair.is(wire, remote)) {
        return pair;
      }
    }
    return null;
  }

  private long now() {
    return core.clock().nanos();
  }

  // What is found.

  /** The events of ice4j, brought to the loop. */
  private final class Found implements CheckEvents {

    private void on(Runnable event) {
      core.loop().execute(() -> {
        if (!closed && check != null) {
          event.run();
        }
      });
    }

    @Override
    public void seen(InetSocketAddress from) {
      on(() -> listener.admit(Pairs.this, core.wire(), from));
    }

    @Override
    public void valid(InetSocketAddress remote) {
      on(() -> listener.admit(Pairs.this, core.wire(), remote));
    }

    @Override
    public void selected(InetSocketAddress remote, CandidateKind local, CandidateKind kind) {
      on(() -> {
        endCheck();
        direct.put(remote, "selected");
        Pair pair = add(core.wire(), remote, local, kind);
        if (pair != null) {
          pair.answered(now(), -1);
          use(pair);
        }
      });
    }

    @Override
    public void pair(InetSocketAddress remote, String state) {
      on(() -> {
        if (direct.size() < PAIRS_MAX || direct.containsKey(remote)) {
          direct.put(remote, state);
        }
      });
    }

    @Override
    public void failed(String why) {
      on(() -> {
        endCheck();
        failIfNothingIsLeft(why);
      });
    }
  }

  private void endCheck() {
    if (check != null) {
      check.close();
      check = null;
      core.desk().forget(checked);
    }
  }

  private void failIfNothingIsLeft(String why) {
    if (active == null && pairs.isEmpty()) {
      listener.failed(this, why);
    }
  }

  private void use(Pair pair) {
    if (active == pair) {
      return;
    }
    boolean first = active == null;
    active = pair;
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
    if (check != null && on == core.wire() && !Probes.isProbe(message)) {
      check.packet(packet, from);
      return;
    }
    if (!isWelcome(on, from) || !probes.isPeers(message)) {
      return;
    }
    probes.respond(on, message, from);
    listener.admit(this, on, from);
    Pair pair = find(on, from);
    if (pair == null) {
      pair = stranger(on, from);
    }
    if (pair == null) {
      return;
    }
    if (pair.unanswered < 2 && (!pair.isValid() || now() - pair.sent > FRESH)) {
      probes.check(pair, pair == active);
    }
    if (message.has(Ice.USE_CANDIDATE) && active != null && pair != active && active.unanswered == 0) {
      probes.check(active, true); // The peer left this pair; it may know something.
    }
  }

  /** Whether the policy allows a pair with this address at all. */
  private boolean isWelcome(Wire on, InetSocketAddress from) {
    if (find(on, from) != null || policy == Policy.any) {
      return true;
    }
    boolean relayed = on.kind() == CandidateKind.relay
        || remotes.stream().anyMatch(r -> r.kind() == CandidateKind.relay && r.address().equals(from));
    // A direct check of ice4j that comes late is for one that found its pair already.
    return relayed == (policy == Policy.relay_only);
  }

  /** The peer is at an address that it did not know of, or not yet: rebound, or behind a NAT that maps by destination. */
  private @Nullable Pair stranger(Wire on, InetSocketAddress from) {
    long strangers = pairs.stream().filter(p -> p.kind() == CandidateKind.prflx).count();
    if (strangers >= STRANGERS_MAX) {
      pairs.removeIf(p -> p.kind() == CandidateKind.prflx && p != active && !p.isValid());
    }
    return add(on, from, on.kind(), CandidateKind.prflx);
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
    if (pair == active && pair.wire == core.wire()) {
      notice(seenAs, silence);
    }
    if (active == null) {
      considerFirst(now);
    } else if (pair != active) {
      considerOther(pair, now);
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
    boolean patient = check != null && now - attempt.started() < RELAY_PATIENCE.toNanos();
    if (patient) {
      return;
    }
    Pair best = best(null, now);
    if (best != null) {
      use(best);
    }
  }

  /** Another pair than that in use was answered. */
  private void considerOther(Pair pair, long now) {
    Pair current = active;
    boolean suspicious = current.unanswered >= 2;
    boolean returned = pair.left == Pair.NEVER || now - pair.left > RETURN && pair.answers >= RETURN_ANSWERS && pair.loss() < 0.5;
    boolean better = current.isRelayed() && !pair.isRelayed() && pair.unanswered == 0;
    boolean moved = suspicious && !(pair.isRelayed() && !current.isRelayed());
    if (returned && (better || moved) || current.isSilent()) {
      use(pair);
    }
  }

  private @Nullable Pair best(@Nullable Pair not, long now) {
    Pair best = null;
    for (Pair pair : pairs) {
      boolean usable = pair != not && pair.isValid() && pair.unanswered < 2 + pair.silentAfter() / 2 && now - pair.answered < 2 * STANDBY_INTERVAL;
      if (usable && (best == null || rank(pair) < rank(best))) {
        best = pair;
      }
    }
    return best;
  }

  /** Direct before one relay before two; then the faster. */
  private static long rank(Pair pair) {
    int relays = (pair.local == CandidateKind.relay ? 1 : 0) + (pair.kind() == CandidateKind.relay ? 1 : 0);
    return ((long) relays << 40) + Math.min(pair.roundTripNanos() / 1_000, 1L << 39);
  }

  // What is kept.

  /** @param lastHeard monotonic time of the last QUIC packet of the peer */
  void tick(long lastHeard) {
    if (closed) {
      return;
    }
    heard = Math.max(lastHeard, Pair.NEVER);
    long now = now();
    if (check != null && now - attempt.started() > SEARCH) {
      endCheck();
    }
    if (active == null) {
      search(now);
      considerFirst(now);
    } else {
      keep(active, now);
      standBy(now);
    }
  }

  /** One check for each pair that is due; the first soon after another, later ones slower. */
  private void search(long now) {
    for (Pair pair : pairs) {
      long wait = AGAIN << Math.min(pair.unanswered, 2);
      if (now - pair.sent >= wait) {
        probes.check(pair, false);
      }
    }
  }

  private void keep(Pair pair, long now) {
    if (pair.unanswered > 0) {
      if (now - pair.sent >= (pair.unanswered < AGAIN_MANY ? AGAIN : AGAIN_SLOW)) {
        probes.check(pair, true);
      }
      if (pair.unanswered == ASK_OTHERS) {
        askOthers(pair);
      }
      // While the peer's packets still come the way back may just be slow; but not for long.
      boolean quiet = now - heard > QUIET || now - pair.asking > FRESH;
      if (pair.isSilent() && quiet && !shaken) {
        shaken = true;
        left(pair, now);
      }
      return;
    }
    shaken = false;
    long interval = core.keepalive().intervalNanos();
    boolean fellSilent = heard > pair.answered && heard > pair.sent && now - heard > QUIET;
    boolean due = now - pair.sent >= CONSENT || now - pair.sent >= interval && now - heard >= interval;
    if (fellSilent || due) {
      probes.check(pair, true);
    }
  }

  private void askOthers(Pair not) {
    for (Pair pair : pairs) {
      if (pair != not && pair.isValid() && pair.unanswered == 0) {
        probes.check(pair, false);
      }
    }
  }

  private void left(Pair pair, long now) {
    pair.left = now;
    pair.answers = 0;
    Pair other = best(pair, now);
    if (other != null) {
      use(other);
      shaken = false;
    }
    listener.shaken(this, other != null);
  }

  /** Pairs that are not in use are checked now and then; a direct one more often while a relay is in use. */
  private void standBy(long now) {
    for (Pair pair : List.copyOf(pairs)) {
      if (pair == active) {
        continue;
      }
      boolean searching = !pair.isValid() && now - attempt.started() < SEARCH;
      boolean wanted = pair.isValid() && active.isRelayed() && !pair.isRelayed();
      long wait = searching ? AGAIN << Math.min(pair.unanswered, 2) : wanted ? FRESH / 3 : STANDBY_INTERVAL;
      if (pair.unanswered > GIVE_UP || !pair.isValid() && !searching) {
        pairs.remove(pair);
      } else if (now - pair.sent >= (pair.unanswered > 0 && pair.isValid() ? Math.min(wait, AGAIN_SLOW) : wait)) {
        probes.check(pair, false);
      }
    }
  }

  /** When the peer last proved that it is there by an answer. */
  long answeredNanos() {
    return pairs.stream().mapToLong(p -> p.answered).max().orElse(Pair.NEVER);
  }

  /** Whether direct pairs are still being tried. */
  boolean isSearching() {
    return check != null;
  }

  /** Whether something is being searched for or in doubt, so that ticks should come often. */
  boolean isBusy() {
    return active == null || check != null || active.unanswered > 0 || now() - attempt.started() < SEARCH && pairs.size() > 1;
  }

  List<PairReport> reports() {
    List<PairReport> reports = new ArrayList<>();
    direct.forEach((remote, state) -> reports.add(Reports.pair(core.wire(), remote, kindOf(remote), state)));
    for (Pair pair : pairs) {
      if (pair.wire == core.wire() && direct.containsKey(pair.remote)) {
        continue;
      }
      String state = pair == active ? "selected" : pair.isValid() ? "succeeded" : pair.checks == 0 ? "waiting" : "checking";
      reports.add(Reports.pair(pair.wire, pair.remote, pair.kind(), state));
    }
    return reports;
  }

  private CandidateKind kindOf(InetSocketAddress remote) {
    return remotes.stream().filter(r -> r.address().equals(remote)).map(RemoteAddress::kind).findFirst().orElse(CandidateKind.prflx);
  }

  List<RemoteAddress> remotes() {
    return List.copyOf(remotes);
  }

  boolean uses(Wire wire) {
    return active != null && active.wire == wire;
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    endCheck();
    serving.close();
    probes.close();
    pairs.clear();
  }
}
