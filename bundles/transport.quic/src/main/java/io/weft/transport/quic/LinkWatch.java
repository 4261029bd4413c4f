package io.weft.transport.quic;

import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.transport.LinkStats;
import io.weft.transport.quic.codec.Session;
import io.weft.transport.quic.codec.SessionStats;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Samples a link's figures off the hot path and notices when nothing arrives any more. Only packets that the codec could decrypt
 * count as a sign of life; anybody can send others from the peer's address.
 */
final class LinkWatch {

  private static final Duration PERIOD_MAX = Duration.ofSeconds(1);
  private static final long FRESH_NANOS = 50_000_000;

  private final Executor loop;
  private final Clock clock;
  private final Timers timers;
  private final Duration idleTimeout;
  private final Duration period;
  private final LongSupplier lastPacketNanos;
  private final DatagramQueue datagrams;
  private final Runnable onIdle;
  private volatile LinkStats stats;
  private Registration timer = () -> {};
  private long packetsReceived = -1;
  private long lastReceived;
  private long sampledAt;

  /** @param lastPacketNanos when a packet last came from the peer's address, whoever sent it */
  LinkWatch(
      Executor loop,
      Clock clock,
      Timers timers,
      Duration idleTimeout,
      LongSupplier lastPacketNanos,
      DatagramQueue datagrams,
      Runnable onIdle) {
    this.loop = loop;
    this.clock = clock;
    this.timers = timers;
    this.idleTimeout = idleTimeout;
    Duration quarter = idleTimeout.dividedBy(4);
    this.period = quarter.compareTo(PERIOD_MAX) < 0 ? quarter : PERIOD_MAX;
    this.lastPacketNanos = lastPacketNanos;
    this.datagrams = datagrams;
    this.onIdle = onIdle;
    this.lastReceived = clock.nanos();
    this.stats = new LinkStats(-1, 0, 0, 0, 0, 0, 0, lastReceived);
  }

  void start(Session session) {
    sample(session);
    timer = timers.after(period, loop, () -> tick(session));
  }

  private void tick(Session session) {
    sample(session);
    if (clock.nanos() - lastReceived >= idleTimeout.toNanos()) {
      onIdle.run();
    } else {
      timer = timers.after(period, loop, () -> tick(session));
    }
  }

  /** Samples unless that was done a moment ago. On the loop. */
  void refresh(Session session) {
    if (clock.nanos() - sampledAt > FRESH_NANOS) {
      sample(session);
    }
  }

  /** On the loop. */
  void sample(Session session) {
    SessionStats now = session.stats();
    if (now == null) {
      return;
    }
    sampledAt = clock.nanos();
    if (now.packetsReceived() != packetsReceived) {
      packetsReceived = now.packetsReceived();
      lastReceived = lastPacketNanos.getAsLong();
    }
    stats =
        new LinkStats(
            now.rttNanos(),
            now.bytesSent(),
            now.bytesReceived(),
            now.packetsSent(),
            now.packetsLost(),
            now.packetsRetransmitted(),
            datagrams.dropped(),
            lastReceived);
  }

  /** Any thread. */
  LinkStats stats() {
    return stats;
  }

  void stop() {
    timer.close();
  }
}
