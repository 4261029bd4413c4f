package io.weft.coordination.engine;

import io.weft.dcs.Dcs;
import io.weft.dcs.Leadership;
import io.weft.dcs.Session;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.support.Backoff;
import io.weft.support.SerialLoop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wants a lease, with a session of its own, and again when it was lost, until closed. A DCS that is not there or does not answer
 * is waited for.
 */
final class Contender implements Registration {

  /** Hears of it on the loop of the contender; returns at once. */
  interface Listener {
    void gained(HeldLease lease);

    void lost(HeldLease lease, Reason reason);
  }

  private static final Logger log = LoggerFactory.getLogger(Contender.class);
  private static final Duration RETRY_FIRST = Duration.ofMillis(200);
  private static final Duration RETRY_MOST = Duration.ofSeconds(5);
  private static final int QUEUE_MAX = 1_000;

  private final String name;
  private final Duration ttl;
  private final Parts parts;
  private final Listener listener;
  private final SerialLoop loop;
  private final Backoff backoff = new Backoff(RETRY_FIRST, RETRY_MOST, ThreadLocalRandom.current());
  // All of this belongs to the loop.
  private boolean closed;
  private boolean busy;
  private @Nullable Dcs using;
  private @Nullable Session session;
  private @Nullable CompletableFuture<Leadership> campaign;
  private @Nullable HeldLease held;
  private Registration timer = () -> {};
  private Registration changes = () -> {};

  Contender(String name, Duration ttl, Parts parts, Listener listener) {
    this.name = name;
    this.ttl = ttl;
    this.parts = parts;
    this.listener = listener;
    this.loop = new SerialLoop("lease-" + name, parts.executor(), QUEUE_MAX);
  }

  void start() {
    loop.execute(() -> {
      changes = parts.dcs().onChange(() -> loop.execute(this::dcsChanged));
      begin();
    });
  }

  @Override
  public void close() {
    loop.execute(() -> {
      closed = true;
      changes.close();
      timer.close();
      stop();
    });
  }

  private void dcsChanged() {
    if (!busy) {
      begin();
    } else if (!closed && parts.dcs().get() != using) {
      stop(); // what was wanted there is wanted elsewhere now
    }
  }

  private void begin() {
    Dcs dcs = parts.dcs().get();
    if (closed || busy || dcs == null) {
      return;
    }
    busy = true;
    using = dcs;
    timer.close();
    Duration allowed = dcs.capabilities().clampTtl(ttl);
    dcs.open("lease " + name + " of " + parts.node(), allowed).whenComplete((opened, failure) -> loop.execute(() -> {
      if (failure != null) {
        again("session", failure);
      } else if (closed || parts.dcs().get() != dcs) {
        opened.close();
        retry();
      } else {
        session = opened;
        contest(dcs, opened);
      }
    }));
  }

  private void contest(Dcs dcs, Session with) {
    byte[] value = LeaseValue.now(parts.node(), parts.clock().now(), with.ttl()).json().getBytes(StandardCharsets.UTF_8);
    CompletableFuture<Leadership> running = dcs.election(DcsLeases.ELECTIONS + name).campaign(with, value);
    campaign = running;
    running.whenComplete((leadership, failure) -> loop.execute(() -> {
      if (closed) {
        if (leadership != null) {
          leadership.resign();
        }
        with.close();
      } else if (failure != null) {
        with.close();
        again("campaign", failure);
      } else {
        won(leadership, with);
      }
    }));
  }

  private void won(Leadership leadership, Session with) {
    backoff.reset();
    HeldLease lease = new HeldLease(name, leadership, with, parts.clock());
    held = lease;
    log.info("lease gained lease={} token={}", name, lease.token());
    listener.gained(lease);
    lease.ended().thenAccept(reason -> loop.execute(() -> lost(lease, reason)));
  }

  private void lost(HeldLease lease, Reason reason) {
    if (held != lease) {
      return;
    }
    held = null;
    log.info("lease lost lease={} token={} reason={}", name, lease.token(), reason.code());
    lease.release(); // what is left of it at the store
    listener.lost(lease, reason);
    if (!closed) {
      retry();
    }
  }

  private void again(String what, Throwable failure) {
    log.debug("lease not contended lease={} at={} problem=\"{}\"", name, what, failure.toString());
    retry();
  }

  private void retry() {
    session = null;
    campaign = null;
    busy = false;
    if (!closed) {
      timer.close();
      timer = parts.timers().after(backoff.next(), loop, this::begin);
    }
  }

  private void stop() {
    if (campaign != null) {
      campaign.cancel(false);
    }
    HeldLease lease = held;
    if (lease != null) {
      lease.release();
    } else if (session != null) {
      session.close();
    }
  }
}
