package io.weft.signaling.server;

import io.weft.directory.PeerDirectory;
import io.weft.node.Clock;
import io.weft.node.NodeIdentity;
import io.weft.node.Timers;
import io.weft.secret.SecretReference;
import io.weft.support.HostPort;
import io.weft.support.signal.Counters;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeSecrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A real broker on a port of its own, for tests of both sides. */
public final class Broker implements AutoCloseable {

  static final Limits LIMITS = new Limits(1_024, 33_554_432, 20, 200, 4_096, 4_096);

  private final Counters counters = new Counters();
  private final HttpBroker broker;

  public Broker(Clock clock, Timers timers) {
    this(clock, timers, 0, LIMITS, null);
  }

  /** @param port 0 for any */
  public Broker(Clock clock, Timers timers, int port) {
    this(clock, timers, port, LIMITS, null);
  }

  /** Without the limits per second and per address, which a test with many members on one machine would reach. */
  static Broker generous(NodeIdentity identity, Clock clock, Timers timers) {
    return new Broker(identity, clock, timers, 0, new Limits(1_024, 33_554_432, 20, 1_000_000, 4_096, 4_096), null);
  }

  Broker(Clock clock, Timers timers, int port, Limits limits, @Nullable PeerDirectory peersOnly) {
    this(new FakeIdentity("demo", "hub"), clock, timers, port, limits, peersOnly);
  }

  private Broker(NodeIdentity identity, Clock clock, Timers timers, int port, Limits limits, @Nullable PeerDirectory peersOnly) {
    this(identity, clock, timers, port, limits, peersOnly, new Tls(null, null, new FakeSecrets()));
  }

  /** Over https. */
  public static Broker secure(Clock clock, Timers timers, Path certificate, Path key) {
    FakeSecrets secrets = new FakeSecrets();
    try {
      secrets.put("secret:file/key", Files.readString(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Broker(new FakeIdentity("demo", "hub"), clock, timers, 0, LIMITS, null,
        new Tls(certificate, SecretReference.parse("secret:file/key"), secrets));
  }

  /** One that members reach at another address than its own. */
  public static Broker behind(HostPort address, Clock clock, Timers timers) {
    return new Broker(new FakeIdentity("demo", "hub"), clock, timers, 0, LIMITS, null, new Tls(null, null, new FakeSecrets()),
        Set.of(address));
  }

  private Broker(NodeIdentity identity, Clock clock, Timers timers, int port, Limits limits, @Nullable PeerDirectory peersOnly, Tls tls) {
    this(identity, clock, timers, port, limits, peersOnly, tls, Set.of(new HostPort("broker.example", 80)));
  }

  private Broker(NodeIdentity identity, Clock clock, Timers timers, int port, Limits limits, @Nullable PeerDirectory peersOnly, Tls tls,
      Set<HostPort> names) {
    Membership membership = new Membership(identity, peersOnly != null, () -> peersOnly);
    broker = new HttpBroker(new HttpBroker.Setup(new InetSocketAddress("127.0.0.1", port), names, limits,
        membership, "demo", tls, clock, timers, counters));
    Await.until("the broker to listen", Duration.ofSeconds(10), () -> broker.address().isPresent());
  }

  public int port() {
    return broker.address().orElseThrow().getPort();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public Map<String, Long> counters() {
    return counters.snapshot();
  }

  public long count(String counter) {
    return counters().getOrDefault(counter, 0L);
  }

  @Override
  public void close() {
    broker.close();
  }
}
