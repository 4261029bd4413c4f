package io.weft.forward;

import io.weft.channel.ChannelKind;
import io.weft.channel.ExposedService;
import io.weft.channel.ForwardInfo;
import io.weft.forward.Opening.Route;
import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.testkit.Await;
import io.weft.testkit.FakeSuccession;
import io.weft.testkit.RealTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Two nodes, a and b, that forward and expose over a {@link FakeNet}. */
final class Nodes implements AutoCloseable {

  static final Duration SOON = Duration.ofSeconds(10);
  static final Limits LIMITS = new Limits(4_096, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60), 1_024);

  final Underlay net;
  final SplicedForwards a;
  final SplicedForwards b;
  private final Clock clock;
  private final Timers timers;
  private final Runnable stopTime;

  Nodes(Underlay net) {
    this(net, LIMITS, new RealTime());
  }

  private Nodes(Underlay net, Limits limits, RealTime time) {
    this(net, limits, time, time, time::close);
  }

  Nodes(Underlay net, Limits limits, Clock clock, Timers timers, Runnable stopTime) {
    this.net = net;
    this.clock = clock;
    this.timers = timers;
    this.stopTime = stopTime;
    this.a = node("a", limits);
    this.b = node("b", limits);
  }

  SplicedForwards node(String name, Limits limits) {
    return node(name, limits, new FakeSuccession(), () -> false);
  }

  /** A version that finds in the box what the last one left there, and leaves its own when it stops. */
  SplicedForwards node(String name, Limits limits, FakeSuccession box, BooleanSupplier stopping) {
    return new SplicedForwards(limits, net.channels(name), net.fabric(name), net.io(name), clock, timers, box, stopping);
  }

  /** A forward of a to a service at {@code at}; returns where it listens. */
  InetSocketAddress forward(String service, String at, ChannelKind kind) {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    LocalForward local =
        a.open(new LocalSpec(new Route(service, at, kind), "127.0.0.1:0", LocalAddress.fixed("127.0.0.1:0", loopback), 0, true, ""));
    Await.until("a listener", SOON, () -> !local.bound().isEmpty());
    return LocalAddress.parse(local.bound()).fixed().orElseThrow();
  }

  static Exposed expose(SplicedForwards node, String service, ChannelKind kind, InetSocketAddress target, String... allow) {
    ExposedService exposed = new ExposedService(service, kind, "test", Set.of(allow));
    return node.open(new ExposeSpec(service, exposed, target, ""));
  }

  int active() {
    return a.forwards().stream().mapToInt(ForwardInfo::active).sum();
  }

  /** Until nothing is open any more anywhere. */
  void awaitQuiet() {
    Await.until("all connections to end", SOON, () -> active() == 0 && net.isQuiet());
  }

  @Override
  public void close() {
    a.close();
    b.close();
    net.close();
    stopTime.run();
  }
}
