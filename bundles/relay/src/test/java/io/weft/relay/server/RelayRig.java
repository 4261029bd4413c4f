package io.weft.relay.server;

import io.weft.node.Clock;
import io.weft.node.Timers;
import io.weft.relay.RelayStatus;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.ManualTime;
import io.weft.transport.Io;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** A relay on loopback with a clock that the test moves. */
final class RelayRig implements AutoCloseable {

  static final String SECRET = "s3cr3t of the tests";
  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private static final Duration LONG = Duration.ofSeconds(10);

  final ManualTime time = new ManualTime();
  final FakeSecrets secrets = new FakeSecrets();
  final TurnRelay relay;
  private final AutoCloseable ownIo;
  private final Map<String, Object> settings = new HashMap<>();
  private int port;

  RelayRig() {
    this(Map.of());
  }

  /** @param more settings by the name of the method in RelayConfig */
  RelayRig(Map<String, Object> more) {
    this(more, new FakeIo(1));
  }

  <T extends Io & AutoCloseable> RelayRig(Map<String, Object> more, T io) {
    this(more, io, null, null);
  }

  <T extends Io & AutoCloseable> RelayRig(Map<String, Object> more, T io, Clock clock, Timers timers) {
    ownIo = io;
    port = freePort();
    secrets.put("secret:test/turn", SECRET);
    settings.put("listen", "127.0.0.1:" + port);
    settings.put("secret", "secret:test/turn");
    settings.put("allow_ranges", new String[] {"127.0.0.0/8"});
    settings.putAll(more);
    relay = new TurnRelay(config(), io, new FakeNode(new FakeIdentity("demo", "hub"), "demo", 1), secrets, clock == null ? time : clock,
        timers == null ? time : timers);
    if (!more.containsKey("listen")) {
      awaitServing();
    }
  }

  RelayConfig config() {
    return FakeConfig.of(RelayConfig.class, Map.copyOf(settings));
  }

  void change(Map<String, Object> more) {
    settings.putAll(more);
    relay.modified(config());
  }

  void awaitServing() {
    Await.until("the relay to serve", LONG, () -> !relay.status().listeners().isEmpty());
  }

  InetSocketAddress address() {
    return new InetSocketAddress(LOOPBACK, port);
  }

  byte[] secret() {
    return SECRET.getBytes(StandardCharsets.UTF_8);
  }

  RelayStatus status() {
    return relay.status();
  }

  long count(Count count) {
    return relay.counters().get(count.name().toLowerCase(java.util.Locale.ROOT));
  }

  /** Free for UDP and TCP. */
  static int freePort() {
    try (java.net.ServerSocket tcp = new java.net.ServerSocket(0, 1, LOOPBACK);
        java.net.DatagramSocket udp = new java.net.DatagramSocket(tcp.getLocalPort(), LOOPBACK)) {
      return udp.getLocalPort();
    } catch (java.net.BindException e) {
      return freePort();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws Exception {
    relay.close();
    ownIo.close();
  }
}
