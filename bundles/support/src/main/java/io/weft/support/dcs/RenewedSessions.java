package io.weft.support.dcs;

import io.weft.dcs.Session;
import io.weft.node.Clock;
import io.weft.node.Timers;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The sessions that one backend has open. Any thread. */
public final class RenewedSessions {

  private final RenewedSession.Lifeline lifeline;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Set<RenewedSession> open = ConcurrentHashMap.newKeySet();

  /** @param executor for renewals and news */
  public RenewedSessions(RenewedSession.Lifeline lifeline, Clock clock, Timers timers, Executor executor) {
    this.lifeline = lifeline;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /**
   * Begins to renew a session that the store has made.
   *
   * @param sent {@link Clock#nanos} right before the request that made it was sent
   */
  public Session start(String id, String name, Duration ttl, long sent) {
    RenewedSession session = RenewedSession.start(id, name, ttl, sent, lifeline, clock, timers, executor);
    open.add(session);
    session.ended().thenAccept(reason -> open.remove(session));
    return session;
  }

  /** Stops all that are open; completes when the store was told, or could not be. */
  public CompletableFuture<Void> stop() {
    return CompletableFuture.allOf(open.stream().map(s -> s.stop().toCompletableFuture()).toArray(CompletableFuture[]::new));
  }
}
