package io.weft.testkit.network;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One direction of a node's cable, and what goes wrong on it. Changes apply to packets that are sent from then on. */
public final class Way {

  private static final Duration SHORT = Duration.ofNanos(250_000);

  private final VirtualNetwork network;
  private final boolean toNode;
  private final SplittableRandom random;
  private final Set<InetAddress> cut = new HashSet<>();
  private Duration delay = SHORT;
  private Duration jitter = Duration.ZERO;
  private double loss;
  private double burst = 1;
  private double duplicates;
  private boolean down;
  private boolean losing;
  private long passed;
  private long dropped;

  Way(VirtualNetwork network, boolean toNode) {
    this.network = network;
    this.toNode = toNode;
    this.random = network.random().split();
  }

  /** Time on the way; 0.25 ms if nothing is said. */
  public Way delay(Duration delay) {
    this.delay = delay;
    return this;
  }

  /** Each packet takes up to this much longer, so packets overtake each other. */
  public Way jitter(Duration jitter) {
    this.jitter = jitter;
    return this;
  }

  /** Share of the packets that are lost, 0 to 1, each on its own. */
  public Way loss(double share) {
    return loss(share, 1);
  }

  /** Share of the packets that are lost, 0 to 1, in runs of {@code burst} packets on average. */
  public Way loss(double share, double burst) {
    this.loss = share;
    this.burst = burst;
    return this;
  }

  /** Share of the packets that arrive twice, 0 to 1. */
  public Way duplicates(double share) {
    this.duplicates = share;
    return this;
  }

  /** Drops everything, or no longer. */
  public Way cut(boolean down) {
    this.down = down;
    return this;
  }

  /** Drops what goes to, or comes from, this address outside. */
  public Way cut(String address) {
    cut.add(Segment.address(address));
    return this;
  }

  /** As if nothing had ever been wrong; counters stay. */
  public void restore() {
    delay(SHORT).jitter(Duration.ZERO).loss(0).duplicates(0).cut(false);
    cut.clear();
  }

  /** Packets that got through. */
  public long passed() {
    return passed;
  }

  /** Packets that were dropped here: proof that a fault took effect. */
  public long dropped() {
    return dropped;
  }

  void carry(Packet packet, Consumer<Packet> end) {
    InetAddress far = (toNode ? packet.from() : packet.to()).getAddress();
    if (down || cut.contains(far) || isLost()) {
      dropped++;
      return;
    }
    passed++;
    deliver(packet, end);
    if (duplicates > 0 && random.nextDouble() < duplicates) {
      deliver(packet, end);
    }
  }

  private void deliver(Packet packet, Consumer<Packet> end) {
    long extra = jitter.isZero() ? 0 : random.nextLong(jitter.toNanos() + 1);
    network.time().after(delay.plusNanos(extra), Runnable::run, () -> end.accept(packet));
  }

  /** Gilbert-Elliott: a state in which all is lost, entered and left by chance so that the share and the mean run come out right. */
  private boolean isLost() {
    if (loss <= 0) {
      return false;
    }
    if (loss >= 1 || burst <= 1) {
      return random.nextDouble() < loss;
    }
    losing = losing ? random.nextDouble() >= 1 / burst : random.nextDouble() < loss / (burst * (1 - loss));
    return losing;
  }
}
