package io.weft.path.ice;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.path.NoPath;
import io.weft.path.Path;
import io.weft.path.PathReport;
import io.weft.signaling.Signal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions of all peers, and the one timer that moves them. On the loop, unless said otherwise. */
final class Sessions {

  static final int MAX = 1_024;

  private static final Duration TICK = Duration.ofMillis(250);
  private static final Duration TICK_BUSY = Duration.ofMillis(50);
  private static final int REPORT_EVERY = 4;

  private final Core core;
  private final PeerIdentity self;
  private final Surroundings surroundings;
  private final Map<PeerIdentity, PeerSession> sessions = new HashMap<>();
  private final Map<String, PathReport> reports = new ConcurrentHashMap<>();
  private Registration ticking = () -> {};
  private boolean ticks;
  private boolean busy;
  private int turns;
  private boolean closed;

  Sessions(Core core, PeerIdentity self, Surroundings surroundings) {
    this.core = core;
    this.self = self;
    this.surroundings = surroundings;
  }

  void find(PeerIdentity peer, CompletableFuture<Path> result) {
    PeerSession session = session(peer);
    if (session == null) {
      result.completeExceptionally(new NoPath(Reason.of("limit", "there are " + MAX + " sessions already")));
      return;
    }
    session.find(result);
    tickSoon();
  }

  /** Ends a search if the peer has not said anything so far. */
  void giveUpUnanswered(PeerIdentity peer, CompletableFuture<Path> result) {
    PeerSession session = sessions.get(peer);
    if (session != null && !result.isDone()) {
      session.giveUpUnanswered(result);
    }
  }

  void received(PeerIdentity from, Signal signal) {
    PeerSession session = session(from);
    if (session == null) {
      core.counters().add(IceCounters.SIGNALS_OVER_LIMIT);
      return;
    }
    session.received(signal);
    tickSoon();
  }

  private PeerSession session(PeerIdentity peer) {
    PeerSession known = sessions.get(peer);
    if (known == null && !closed && sessions.size() < MAX) {
      known = new PeerSession(core, self, peer, surroundings);
      sessions.put(peer, known);
    }
    return known;
  }

  private void tickSoon() {
    if (closed || ticks && busy) {
      return;
    }
    ticking.close();
    ticks = true;
    busy = true;
    ticking = core.timers().after(TICK_BUSY, core.loop(), this::tick);
  }

  private void tick() {
    busy = false;
    boolean alive = false;
    for (PeerSession session : List.copyOf(sessions.values())) {
      session.tick();
      busy |= session.isBusy();
      alive |= !session.isIdle();
    }
    if (turns++ % REPORT_EVERY == 0 || !alive) {
      sessions.forEach((peer, session) -> reports.put(peer.name(), session.report()));
    }
    ticks = alive && !closed;
    if (ticks) {
      ticking = core.timers().after(busy ? TICK_BUSY : TICK, core.loop(), this::tick);
    }
  }

  /** The addresses of this node changed. */
  void moved() {
    sessions.values().forEach(PeerSession::moved);
    tickSoon();
  }

  /** A relay was lost or came back. */
  void relaysChanged() {
    sessions.values().forEach(PeerSession::relaysChanged);
    tickSoon();
  }

  /** Peers that are not known any more: what holds nothing of them is forgotten. */
  void retain(java.util.function.Predicate<PeerIdentity> known) {
    sessions.entrySet().removeIf(entry -> !known.test(entry.getKey()) && entry.getValue().isIdle());
    reports.keySet().removeIf(name -> sessions.keySet().stream().noneMatch(peer -> peer.name().equals(name)));
  }

  boolean isActive() {
    return ticks;
  }

  /** How many paths go through a relay that this wire is of. */
  int uses(Wire wire) {
    return (int) sessions.values().stream().filter(session -> session.uses(wire)).count();
  }

  /** Any thread; up to a second old. */
  Optional<PathReport> report(String peer) {
    return Optional.ofNullable(reports.get(peer));
  }

  void close(Reason why) {
    closed = true;
    ticking.close();
    sessions.values().forEach(session -> session.close(why));
    sessions.clear();
    reports.clear();
  }
}
