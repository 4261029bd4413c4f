package io.weft.testkit.network;

import io.weft.testkit.ManualTime;
import java.util.SplittableRandom;

/**
 * The internet, and what hangs on it. Everything happens on the thread that moves the time. Without faults each cable takes a quarter of a
 * millisecond, so that a packet between two hosts takes half a one and an answer a whole.
 *
 * <pre>{@code
 * VirtualNetwork network = new VirtualNetwork(time, 7);
 * VirtualHost server = network.host("server", "198.51.100.10");
 * VirtualHost a = network.nat("r1", NatBehaviour.SYMMETRIC, "203.0.113.1").host("a", "10.1.0.2");
 * a.up().loss(0.78);
 * }</pre>
 */
public final class VirtualNetwork implements Place {

  private final ManualTime time;
  private final SplittableRandom random;
  private final Segment internet = new Segment(this, packet -> unreachable(), true);
  private long unreachable;
  private long expired;

  /** @param seed of all that is left to chance */
  public VirtualNetwork(ManualTime time, long seed) {
    this.time = time;
    this.random = new SplittableRandom(seed);
  }

  @Override
  public VirtualHost host(String name, String... addresses) {
    return new VirtualHost(internet, name, addresses);
  }

  @Override
  public VirtualNat nat(String name, NatBehaviour behaviour, String address) {
    return new VirtualNat(internet, name, behaviour, address);
  }

  /** Packets to addresses that nobody has, such as private ones. */
  public long undelivered() {
    return unreachable;
  }

  private void unreachable() {
    unreachable++;
  }

  /** Packets that were not allowed another hop. */
  public long expired() {
    return expired;
  }

  void expire() {
    expired++;
  }

  Segment internet() {
    return internet;
  }

  ManualTime time() {
    return time;
  }

  SplittableRandom random() {
    return random;
  }
}
