package io.weft.path.ice.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.ssl.SslContext;
import io.weft.node.Clock;
import io.weft.node.Node;
import io.weft.node.Timers;
import io.weft.relay.RelayServer;
import io.weft.relay.server.TurnRelay;
import io.weft.secret.Secrets;
import io.weft.support.stun.Credentials;
import io.weft.testkit.Await;
import io.weft.testkit.FakeConfig;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.FakeIo;
import io.weft.testkit.FakeNode;
import io.weft.testkit.FakeSecrets;
import io.weft.testkit.ManualTime;
import io.weft.transport.Io;
import java.lang.annotation.Annotation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The relay of this project, with time that the test turns. Over TCP, which loses nothing. */
class OurRelayTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SECRET = "a secret of this test";

  private final ManualTime time = new ManualTime();
  private final FakeIo io = new FakeIo(1);
  private InetSocketAddress address;
  private TestPort port;
  private TurnRelay relay;

  @BeforeEach
  void start() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = (InetSocketAddress) free.getLocalSocketAddress();
    }
    port = new TestPort();
    FakeSecrets secrets = new FakeSecrets();
    secrets.put("secret:test/turn", SECRET);
    // As Declarative Services does: the type of its configuration is the bundle's own.
    Class<? extends Annotation> type = Class.forName("io.weft.relay.server.RelayConfig").asSubclass(Annotation.class);
    relay = TurnRelay.class.getConstructor(type, Io.class, Node.class, Secrets.class, Clock.class, Timers.class).newInstance(
        FakeConfig.of(type, Map.of("listen", "127.0.0.1:" + address.getPort(), "secret", "secret:test/turn",
            "allow_ranges", new String[] {"127.0.0.0/8"})),
        io, new FakeNode(new FakeIdentity("demo", "hub"), "demo", 1), secrets, time, time);
    Await.until("the relay to serve", SOON, () -> {
      time.advance(Duration.ofMillis(100));
      return !relay.status().listeners().isEmpty();
    });
  }

  @AfterEach
  void stop() throws Exception {
    port.close();
    var deactivate = TurnRelay.class.getDeclaredMethod("close");
    deactivate.setAccessible(true);
    deactivate.invoke(relay);
    io.close();
  }

  private TurnClient client(Clock clock, Duration life) {
    return new TurnClient(new TurnClient.Tools(port, port.io, clock, time, new SecureRandom(), (packet, from, through) -> {},
        OurRelayTest::noTls, life));
  }

  private static SslContext noTls() {
    throw new IllegalStateException("nobody speaks TLS here");
  }

  private RelayTarget target() {
    return new RelayTarget("turn:relay", "127.0.0.1", address, RelayTarget.Transport.tcp,
        until -> Credentials.timeLimited(SECRET.getBytes(StandardCharsets.UTF_8), "a", until));
  }

  /** Half a minute of life, in ten minutes: without being renewed they would have been refused after a minute and a half. */
  @Test
  void shortCredentialsAreRenewedBeforeTheyEnd() throws Exception {
    TurnClient client = client(time, Duration.ofSeconds(30));
    Allocation allocation = client.allocate(target()).get(30, TimeUnit.SECONDS);
    RelayServer server = relay;
    Instant end = time.now().plus(Duration.ofMinutes(10));
    while (time.now().isBefore(end)) {
      time.advance(time.untilNext().orElseThrow());
      // Time must not go on while an answer is on its way.
      Await.until("an answer", SOON, () -> !isAsking(allocation));
    }
    assertThat(allocation.ended().toCompletableFuture().getNow(null)).isNull();
    // Half of them was left when they were used, at most 24 s ago.
    assertThat(allocation.expires()).isAfter(time.now().minusSeconds(24).plusSeconds(14));
    assertThat(server.status().allocations()).singleElement().satisfies(lent -> {
      assertThat(lent.user()).isEqualTo("a");
      assertThat(lent.expires()).isAfter(time.now().plusSeconds(570));
    });
    client.close();
  }

  /** Also after what the client has to do now. */
  private boolean isAsking(Allocation allocation) {
    return port.loop().submit(((LiveAllocation) allocation)::isRefreshing).syncUninterruptibly().getNow();
  }

  @Test
  void aNodeWhoseClockIsHoursOffIsToldSo() {
    Clock behind = new Clock() {
      @Override
      public Instant now() {
        return time.now().minus(Duration.ofHours(3));
      }

      @Override
      public long nanos() {
        return time.nanos();
      }
    };
    TurnClient client = client(behind, TurnClient.CREDENTIALS_LIFE);
    assertThatThrownBy(() -> client.allocate(target()).get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(TurnFailed.class, e -> {
          assertThat(e.reason().code()).isEqualTo("clock_skew");
          assertThat(e.reason().detail()).contains("3h ahead of ours");
        });
    client.close();
  }
}
