package io.weft.transport.quic;

import io.netty.buffer.ByteBuf;
import io.weft.node.Clock;
import io.weft.node.Registration;
import io.weft.node.Timers;
import io.weft.transport.quic.codec.Session;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams that wait for their turn. The codec has a queue of its own, but when that is full it drops whatever it is given, and
 * all that was given with it, and reports success. So it is never given much: one at a time, and no more than {@link #AHEAD_MAX}
 * beyond the packets that were seen to leave. On the loop.
 */
final class DatagramQueue {

  /** Datagrams that the codec may hold. Small, so that the bound which counts is ours. */
  static final int AHEAD_MAX = 64;

  // If nothing left for this long, nothing waits there: the codec would have sent it when an acknowledgement came, or at its
  // probe timeout.
  private static final Duration QUIET = Duration.ofMillis(50);
  // Less than this is an acknowledgement without a datagram in it.
  private static final int OVERHEAD = 24;

  private final Executor loop;
  private final Timers timers;
  private final Clock clock;
  private final Counters counters;
  private final int queueMax;
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();
  private @Nullable Session session;
  private Registration timer = () -> {};
  private boolean timing;
  private boolean sending;
  private int max;
  private int ahead;
  private int smallest = Integer.MAX_VALUE;
  private long lastSent;
  private volatile long dropped;

  DatagramQueue(Executor loop, Timers timers, Clock clock, Counters counters, int queueMax) {
    this.loop = loop;
    this.timers = timers;
    this.clock = clock;
    this.counters = counters;
    this.queueMax = queueMax;
  }

  void open(Session to, int largest) {
    session = to;
    max = largest;
  }

  /** The largest payload; 0 if there are no datagrams. */
  int max() {
    return max;
  }

  /** Any thread. */
  long dropped() {
    return dropped;
  }

  boolean send(ByteBuf payload) {
    int size = payload.readableBytes();
    if (session == null || size == 0 || size > max || queue.size() >= queueMax) {
      payload.release();
      dropped++;
      counters.add(Counters.DATAGRAMS_DROPPED);
      return false;
    }
    counters.add(Counters.DATAGRAMS_SENT);
    queue.add(payload);
    drain();
    return true;
  }

  /** Packets left for the peer. */
  void sent(int packets, int packetSize) {
    if (ahead > 0) {
      lastSent = clock.nanos();
      if (packetSize >= smallest + OVERHEAD) {
        ahead = Math.max(0, ahead - packets);
      }
      if (ahead == 0) {
        smallest = Integer.MAX_VALUE;
      }
      if (!queue.isEmpty() && !sending) {
        loop.execute(this::drain);
      }
    }
  }

  private void drain() {
    if (sending || session == null) {
      return;
    }
    sending = true;
    try {
      while (!queue.isEmpty() && ahead < AHEAD_MAX) {
        ByteBuf next = queue.poll();
        smallest = Math.min(smallest, next.readableBytes());
        ahead++;
        session.sendDatagram(next);
      }
    } finally {
      sending = false;
    }
    if (!queue.isEmpty() && !timing) {
      timing = true;
      lastSent = clock.nanos();
      timer = timers.after(QUIET, loop, this::quiet);
    }
  }

  private void quiet() {
    timing = false;
    if (clock.nanos() - lastSent >= QUIET.toNanos()) {
      ahead = 0;
      smallest = Integer.MAX_VALUE;
    }
    drain();
    if (!queue.isEmpty() && !timing) {
      timing = true;
      timer = timers.after(QUIET, loop, this::quiet);
    }
  }

  void close() {
    session = null;
    max = 0;
    timer.close();
    queue.forEach(ByteBuf::release);
    queue.clear();
  }
}
