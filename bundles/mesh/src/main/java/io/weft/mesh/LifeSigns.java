package io.weft.mesh;

import io.weft.mesh.wire.Frame;
import io.weft.node.Reason;
import io.weft.node.Registration;
import io.weft.transport.Link;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Notices that a peer is silent. Every byte that arrives is a sign of life, so a busy link sends no pings; an idle one is
 * asked after a while, called degraded after longer, and closed in the end. On the link's loop only.
 */
final class LifeSigns {

  private final Core core;
  private final Link link;
  private final Consumer<Frame> control;
  private final Consumer<Boolean> changed;
  private final Runnable look;
  private final long interval;
  private final long degradedAfter;
  private final long deadAfter;
  private final SplittableRandom random; // of the link's loop
  private Registration timer = () -> {};
  private long nonce;
  private long askedAt;
  private boolean degraded;
  private volatile long rtt = -1;

  /**
   * @param changed hears when the link becomes degraded, and when it is no more
   * @param look runs at each look, on the link's loop
   */
  LifeSigns(Core core, Link link, Consumer<Frame> control, Consumer<Boolean> changed, Runnable look) {
    this.core = core;
    this.link = link;
    this.control = control;
    this.changed = changed;
    this.look = look;
    this.interval = nanos(core.limits().ping_interval_ms());
    this.degradedAfter = nanos(core.limits().silence_degraded_ms());
    this.deadAfter = nanos(core.limits().silence_timeout_ms());
    this.random = new SplittableRandom(core.seeds().getAsLong());
  }

  /** Asks at once, to know the round trip, and watches from then on. */
  void start() {
    ask(core.clock().nanos());
    watch();
  }

  void close() {
    timer.close();
  }

  /** Round trip of the pings; negative before the first answer. Any thread. */
  long rttNanos() {
    return rtt;
  }

  void pong(long answered) {
    if (answered == nonce) {
      long sample = core.clock().nanos() - askedAt;
      rtt = rtt < 0 ? sample : (7 * rtt + sample) / 8;
    }
  }

  private void watch() {
    long next = interval / 2 - random.nextLong(interval / 16 + 1);
    timer = core.timers().after(Duration.ofNanos(next), link.loop(), this::look);
  }

  private void look() {
    long now = core.clock().nanos();
    long silence = now - link.stats().lastReceivedNanos();
    if (silence >= deadAfter) {
      link.close(Reason.of("peer_silent", "nothing came for " + silence / 1_000_000 + " ms"));
      return;
    }
    if (silence >= interval && now - askedAt >= interval) {
      ask(now);
    }
    if (degraded != silence >= degradedAfter) {
      degraded = !degraded;
      changed.accept(degraded);
    }
    look.run();
    watch();
  }

  private void ask(long now) {
    nonce++;
    askedAt = now;
    control.accept(new Frame.Ping(nonce));
  }

  private static long nanos(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }
}
