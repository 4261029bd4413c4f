package io.weft.mesh;

import io.weft.directory.Peer;
import io.weft.link.LinkInfo;
import io.weft.link.LinkState;
import io.weft.node.NodeId;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import io.weft.transport.Link;
import io.weft.transport.Transport;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one link to one peer: what state it is in, who dials, when again, and which session lives if there are two. On the
 * mesh's loop only, unless said otherwise.
 *
 * <p>At most one session is {@code live}. A session that this side dialled and that waits for the peer's hello is {@code
 * pending}; one that the peer dialled meanwhile is {@code held} until it is clear whether the pending one comes up, if this
 * side's would win.
 */
final class PeerLink implements Attempt.Observer {

  private static final Logger log = LoggerFactory.getLogger(PeerLink.class);

  /** Reasons that do not pass by themselves: said once, until the link comes up or the reason changes. */
  private static final Set<String> MISCONFIGURED = Set.of("wrong_key", "wrong_name", "wrong_fabric", "wrong_alpn",
      "wrong_version", "certificate_expired", "certificate_invalid", "no_certificate", "unknown_peer");

  private final PeerLinks links;
  private final Core core;
  private final boolean dials;
  private final Backoff backoff;
  private volatile LinkView view;
  private boolean listed = true;
  private boolean stay;
  private String warned = "";
  private long lastAttempt;
  private long attempts;
  private Registration timer = () -> {};
  private @Nullable Attempt attempt;
  private @Nullable Session pending;
  private @Nullable Session held;
  private @Nullable Session live;
  private boolean moving; // another session is to take over from the one that lives
  private final Set<Session> retired = new HashSet<>();

  PeerLink(PeerLinks links, Core core, Peer peer, Backoff backoff) {
    this.links = links;
    this.core = core;
    this.dials = core.self().id().compareTo(peer.identity().id()) < 0;
    this.backoff = backoff;
    this.view = new LinkView(peer, LinkState.created, core.clock().now(), null, 0, null);
  }

  // Any thread.

  Peer peer() {
    return view.peer();
  }

  LinkInfo info() {
    return view.info();
  }

  /** The session that is up, or null. */
  @Nullable Session session() {
    return view.session();
  }

  // From the mesh.

  /** The directory knows the peer, or knows something new of it. */
  void update(Peer peer) {
    Peer before = view.peer();
    listed = true;
    view = new LinkView(peer, view.state(), view.since(), view.reason(), view.attempts(), view.session());
    if (!before.identity().equals(peer.identity())) {
      reset(Reason.of("key_changed", "another key is expected of the peer now"));
    } else if (!before.candidates().containsAll(peer.candidates()) && view.state() == LinkState.backoff && dials) {
      backoff.reset();
      dial();
    }
  }

  /** The directory does not know the peer any more. Returns whether there is no link to keep, so that this can go. */
  boolean unlist() {
    listed = false;
    if (live == null) {
      stop(Reason.of("unlisted"));
    }
    return live == null;
  }

  /**
   * The first attempt, or the wait for the peer's. Who knows where the peer is tries once even if it is the peer that dials: of two that
   * start, the later one then finds the other there, instead of waiting until that one tries again.
   */
  void start() {
    if (dials || !view.peer().candidates().isEmpty()) {
      dial();
    } else {
      waitAndDial(LinkState.created, null);
    }
  }

  /** Tries now, unless it is up. */
  void open() {
    stay = false;
    if (live == null && attempt == null) {
      backoff.reset();
      dial();
    }
  }

  /** @param forGood whether to stay closed until the peer dials or somebody asks */
  void close(Reason reason, boolean forGood) {
    stay = forGood;
    if (live != null) {
      live.close(reason);
    } else if (forGood) {
      stop(reason);
      enter(LinkState.closed, reason);
    }
  }

  /** Something that was in the way is gone, such as a transport that was missing: tries now if it waits. */
  void retry() {
    if (view.state() == LinkState.backoff && dials) {
      dial();
    }
  }

  /** A transport is gone, and with it its links. */
  void transportGone(Transport transport, Reason reason) {
    for (Session session : new Session[] {live, pending, held}) {
      if (session != null && session.transport() == transport) {
        session.close(reason);
      }
    }
    List.copyOf(retired).stream().filter(session -> session.transport() == transport).forEach(session -> session.close(reason));
  }

  /** The transport of the link goes while there is another: a link over that should take over. */
  void moveIfTransportGoes() {
    if (live != null && links.isGoing(live)) {
      moving = true;
      live.move();
    }
  }

  /** Both sides know that another session is to take over. Who dials does so; what is open on this one goes on meanwhile. */
  void moving(Session session) {
    if (session == live) {
      moving = true;
      if (dials && attempt == null) {
        backoff.reset();
        dial();
      }
    }
  }

  /** Says goodbye on the link that is up; the peer closes it. */
  void leave(Reason reason) {
    timer.close();
    cancelAttempt(reason);
    drop(held, reason);
    held = null;
    List.copyOf(retired).forEach(session -> session.close(reason));
    if (live != null) {
      live.leave(reason);
    }
  }

  /** Ends everything. */
  void stop(Reason reason) {
    timer.close();
    cancelAttempt(reason);
    drop(held, reason);
    held = null;
    List.copyOf(retired).forEach(session -> session.close(reason));
    if (live != null) {
      live.close(reason);
    }
  }

  private void reset(Reason reason) {
    stop(reason);
    if (live == null) {
      start();
    }
  }

  // Dialling.

  private void dial() {
    timer.close();
    if (live != null && !moving || attempt != null || core.isLeaving()) {
      return;
    }
    attempts++;
    core.counters().add("attempts");
    attempt = links.attempt(view.peer(), ++lastAttempt, dials, attempts, live != null, this);
    if (live == null) {
      enter(LinkState.gathering, null);
    }
    attempt.start();
  }

  @Override
  public void connecting(Attempt which) {
    if (which == attempt && live == null) {
      enter(LinkState.connecting, null);
    }
  }

  @Override
  public void established(Attempt which, Session session) {
    if (which != attempt) {
      session.close(Reason.of("superseded"));
      return;
    }
    pending = session;
    session.greet();
  }

  @Override
  public void failed(Attempt which, Reason reason) {
    if (which == attempt) {
      attempt = null;
      attemptEnded(reason);
    }
  }

  private void attemptEnded(Reason reason) {
    if (held != null) {
      Session next = held;
      held = null;
      promote(next);
      return;
    }
    core.counters().add("attempts_failed");
    if (MISCONFIGURED.contains(reason.code()) && !reason.code().equals(warned)) {
      warned = reason.code();
      log.warn("link refused peer={} attempt={} reason={}", peer().name(), lastAttempt, reason);
    } else {
      log.debug("attempt failed peer={} attempt={} reason={}", peer().name(), lastAttempt, reason);
    }
    if (live != null) {
      timer.close();
      timer = core.timers().after(backoff.next(), links.loop(), this::dial);
      return;
    }
    enter(LinkState.failed, reason);
    waitAndDial(LinkState.backoff, reason);
  }

  private void waitAndDial(LinkState state, @Nullable Reason reason) {
    Duration nudge = Duration.ofMillis(dials ? 0 : core.limits().nudge_after_ms());
    timer.close();
    timer = core.timers().after(nudge.plus(backoff.next()), links.loop(), this::dial);
    enter(state, reason);
  }

  private void cancelAttempt(Reason reason) {
    if (attempt != null) {
      attempt.cancel();
      attempt = null;
    }
    drop(pending, reason);
    pending = null;
  }

  // Sessions.

  /** The peer said hello on a session: one of the two moments at which it is decided which session lives. */
  void greeted(Session session) {
    if (core.isLeaving()) {
      session.close(Reason.of("leaving"));
    } else if (!session.peer().equals(peer().identity())) {
      session.close(Reason.of("key_changed"));
    } else if (session.isDialed()) {
      if (session == pending) {
        pending = null;
        attempt = null;
        promote(session);
      } else {
        session.close(Reason.of("superseded"));
      }
    } else if (live != null && !beatsLive(session)) {
      core.counters().add("duplicates_closed");
      session.close(Reason.of("duplicate"));
    } else if (pending != null && dials) {
      drop(held, Reason.of("superseded"));
      held = session;
    } else {
      promote(session);
    }
  }

  private boolean beatsLive(Session session) {
    // A peer that dials has no link. If ours has been silent since, the peer has lost it and could not tell us.
    boolean lost = live.silence() > Duration.ofMillis(core.limits().ping_interval_ms()).toNanos() * 5 / 4;
    return lost || Duel.wins(facts(session), facts(live));
  }

  private Duel.Facts facts(Session session) {
    NodeId dialer = session.isDialed() ? core.self().id() : peer().identity().id();
    return new Duel.Facts(session.hello().incarnation(), dialer, session.attempt());
  }

  private void promote(Session session) {
    Session before = live;
    timer.close();
    live = session;
    cancelAttempt(Reason.of("superseded"));
    drop(held, Reason.of("duplicate"));
    held = null;
    boolean restarted = before != null && before.hello().incarnation() != session.hello().incarnation();
    boolean takesOver = before != null && moving && !restarted;
    moving = false;
    if (takesOver) {
      session.succeed(before);
    } else if (before != null) {
      before.close(Reason.of(restarted ? "peer_restarted" : "superseded"));
      ended(before, Reason.of(restarted ? "peer_restarted" : "superseded"));
    }
    session.confirm();
    stay = false;
    warned = "";
    attempts = 0;
    backoff.reset();
    core.counters().add("links_up");
    enter(LinkState.up, null);
    if (takesOver) {
      core.counters().add("links_moved");
      retired.add(before);
      before.retire(session); // after others can see the new one
    }
    Link link = session.link();
    log.info("link up peer={} transport={} path={} remote={} dialed={} attempt={}", peer().name(), link.transport(),
        link.path().type(), link.path().remoteAddress(), session.isDialed(), session.attempt());
    String theirs = session.hello().digest();
    if (!theirs.isEmpty() && !theirs.equals(core.node().sharedDigest())) {
      log.warn("configuration differs peer={} ours={} theirs={}", peer().name(), core.node().sharedDigest(), theirs);
    }
    moveIfTransportGoes();
    if (!link.isOpen()) {
      log.debug("link was gone before it was up peer={}", peer().name()); // Its end is on its way here.
    }
  }

  void degraded(Session session, boolean degraded) {
    if (session == live) {
      enter(degraded ? LinkState.degraded : LinkState.up, degraded ? Reason.of("peer_silent") : null);
    }
  }

  /** A session is over. Returns whether this can go, because nobody knows the peer any more. */
  boolean closed(Session session, Reason reason, boolean byPeer) {
    if (session == live) {
      live = null;
      moving = false;
      core.counters().add("links_lost");
      ended(session, reason);
      next(reason, session.isFarewell());
    } else if (session == pending) {
      pending = null;
      attempt = null;
      attemptEnded(reason);
    } else if (session == held) {
      held = null;
    } else if (retired.remove(session)) {
      log.debug("link that was moved is down peer={} reason={}", peer().name(), reason);
      links.traffic().ended(session);
    }
    return !listed && live == null;
  }

  private void next(Reason reason, boolean peerLeft) {
    if (core.isLeaving() || stay || !listed) {
      enter(LinkState.closed, reason);
    } else if (peerLeft) {
      // It comes back by itself. Should its way to us be barred, we try, but rarely.
      timer.close();
      Duration rarely = Duration.ofMillis(core.limits().backoff_most_ms()).plus(backoff.next());
      timer = core.timers().after(rarely, links.loop(), this::dial);
      enter(LinkState.closed, reason);
    } else {
      enter(LinkState.failed, reason);
      waitAndDial(LinkState.backoff, reason);
    }
  }

  private void ended(Session session, Reason reason) {
    long seconds = Duration.between(view.since(), core.clock().now()).toSeconds();
    log.info("link down peer={} reason={} seconds={}", peer().name(), reason, seconds);
    links.traffic().ended(session);
  }

  private static void drop(@Nullable Session session, Reason reason) {
    if (session != null) {
      session.close(reason);
    }
  }

  private void enter(LinkState state, @Nullable Reason reason) {
    boolean carries = state == LinkState.up || state == LinkState.degraded;
    boolean changed = state != view.state();
    view = new LinkView(view.peer(), state, changed ? core.clock().now() : view.since(), reason, attempts, carries ? live : null);
    if (changed) {
      links.changed(this);
    }
  }
}
