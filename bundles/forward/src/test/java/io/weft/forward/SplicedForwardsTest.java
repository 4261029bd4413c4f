package io.weft.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.channel.ChannelKind;
import io.weft.channel.ForwardInfo;
import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIo;
import io.weft.testkit.ManualTime;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SplicedForwardsTest {

  private final ManualTime time = new ManualTime();
  private final Limits limits = new Limits(4, Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(60), 16);
  private final Nodes nodes = new Nodes(new FakeNet(new FakeIo(2)), limits, time, time, () -> {});
  private ServerSocket server;
  private InetSocketAddress target;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    target = (InetSocketAddress) server.getLocalSocketAddress();
  }

  @AfterEach
  void stop() throws IOException {
    nodes.close();
    server.close();
    assertThat(time.pending()).as("timers left behind").isZero();
  }

  @Test
  void listensWhereTheEntrySays() throws IOException {
    int port = TcpCases.freePort();
    LocalEntry entry = new LocalEntry(Entries.local(Map.of("at", "b", "tcp", "127.0.0.1:" + port)), nodes.a);
    awaitBound("127.0.0.1:" + port);

    assertThat(nodes.a.forwards())
        .containsExactly(new ForwardInfo("pg", "b", ChannelKind.stream, "127.0.0.1:" + port, "127.0.0.1:" + port, "", true, 0, 0));
    assertThat(nodes.a.listeners()).containsExactly(new Listener("127.0.0.1:" + port, "tcp", "forward"));
    assertThat(nodes.a.check())
        .containsExactly(new HealthResult("forwards", HealthKind.readiness, HealthStatus.ok, "1 of 1 listen"));

    entry.close();
    assertThat(nodes.a.forwards()).isEmpty();
    // NIO gives a port back at the next turn of its loop.
    Await.until("the port to be free", Nodes.SOON, () -> {
      try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return again.isBound();
      } catch (BindException e) {
        return false;
      }
    });
  }

  @Test
  void anAddressInUseIsSaidInOneLineAndTriedAgain() throws IOException {
    String address = "127.0.0.1:" + server.getLocalPort();
    new LocalEntry(Entries.local(Map.of("tcp", address)), nodes.a);
    Await.until("the problem", Nodes.SOON, () -> info().problem().contains("in use"));

    assertThat(info().bound()).isEmpty();
    HealthResult result = nodes.a.check().get(0);
    assertThat(result.status()).isEqualTo(HealthStatus.critical);
    assertThat(result.kind()).isEqualTo(HealthKind.readiness);
    assertThat(result.message()).contains(address, "in use").doesNotContain("\n");
    assertThat(nodes.a.listeners()).isEmpty();

    server.close();
    awaitBound(address, () -> time.advance(Duration.ofSeconds(1)));
    assertThat(info().problem()).isEmpty();
  }

  @Test
  void aUdpAddressInUseLikewise() throws IOException {
    try (DatagramSocket taken = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();
      new LocalEntry(Entries.local(Map.of("udp", address)), nodes.a);
      Await.until("the problem", Nodes.SOON, () -> info().problem().contains("in use"));
      taken.close();
      awaitBound(address, () -> time.advance(Duration.ofSeconds(1)));
      assertThat(nodes.a.listeners()).containsExactly(new Listener(address, "udp", "forward"));
    }
  }

  @Test
  void whatIsBeyondLoopbackIsNamed() throws IOException {
    new LocalEntry(Entries.local(Map.of("http", "0.0.0.0:" + TcpCases.freePort())), nodes.a);
    assertThat(nodes.a.check()).filteredOn(r -> r.kind() == HealthKind.posture).singleElement().satisfies(r -> {
      assertThat(r.status()).isEqualTo(HealthStatus.warn);
      assertThat(r.message()).contains("beyond loopback", "pg");
    });
  }

  @Test
  void entriesThatCannotWorkSayWhy() {
    Map<Map<String, Object>, String> bad = Map.of(
        Map.of(), "expected one of tcp, udp and http",
        Map.of("tcp", "127.0.0.1:1", "udp", "127.0.0.1:1"), "only one of",
        Map.of("tcp", "nonsense"), "expected host:port",
        Map.of("tcp", "db.example.org:5432"), "a name is not looked up here",
        Map.of("tcp", "peer:5432"), "needs a peer in 'at'",
        Map.of("tcp", "service:5432"), "needs 'vip'",
        Map.of("tcp", "127.0.0.1:1", "service", "PG"), "service must be",
        Map.of("tcp", "127.0.0.1:1", "at", ""), "at must be",
        Map.of("tcp", "192.0.2.1:5432"), "is not an address of this machine");
    bad.forEach((values, why) -> {
      LocalEntry entry = new LocalEntry(Entries.local(values), nodes.a);
      Await.until("the problem of " + values + ": " + why, Nodes.SOON, () -> info().problem().contains(why));
      entry.close();
    });
    Map<Map<String, Object>, String> badExposed = Map.of(
        Map.of(), "expected one of tcp, udp and http",
        Map.of("tcp", "peer:5432"), "an address of this side",
        Map.of("tcp", "service:5432"), "needs 'vip'",
        Map.of("tcp", "127.0.0.1:1", "service", "PG"), "service must be");
    badExposed.forEach((values, why) -> {
      ExposeEntry entry = new ExposeEntry(Entries.expose(values, "a"), nodes.b);
      assertThat(nodes.b.check()).singleElement().satisfies(r -> {
        assertThat(r.status()).isEqualTo(HealthStatus.critical);
        assertThat(r.message()).contains(why);
      });
      entry.close();
    });
    assertThat(ExposeSpec.of(Entries.expose(Map.of("tcp", "127.0.0.1:1"), "B b")).wrong()).contains("peer name in allow");
  }

  @Test
  void listensOnTheVirtualAddressOfThePeerOnceItIsKnown() throws IOException {
    new LocalEntry(Entries.local(Map.of("at", "b", "tcp", "peer:" + server.getLocalPort())), nodes.a);
    Await.until("the problem", Nodes.SOON, () -> info().problem().contains("peer b has no virtual address"));

    OnePeer directory = new OnePeer("b", Map.of("vip", "9"));
    nodes.a.bindDirectory(directory);
    awaitBound("127.50.0.9:" + server.getLocalPort());

    nodes.a.unbindDirectory(directory);
    nodes.a.bindDirectory(new OnePeer("c", Map.of()));
    assertThat(info().bound()).isEqualTo("127.50.0.9:" + server.getLocalPort());
    nodes.a.bindDirectory(new OnePeer("b", Map.of("vip", "10")));
    awaitBound("127.50.0.10:" + server.getLocalPort());
  }

  @Test
  void listensOnTheVirtualAddressOfTheServiceAndExposesFromIt() throws IOException {
    int port = server.getLocalPort();
    new LocalEntry(Entries.local(Map.of("at", "b", "tcp", "service:" + port, "vip", 3)), nodes.a);
    awaitBound("127.10.0.3:" + port);
    ExposeSpec spec = ExposeSpec.of(Entries.expose(Map.of("tcp", "service:5432", "vip", 4), "*"));
    assertThat(spec.target()).isEqualTo(new InetSocketAddress("127.10.0.4", 5432));
    assertThat(spec.service().target()).isEqualTo("tcp 127.10.0.4:5432");
    assertThat(ExposeSpec.of(Entries.expose(Map.of("http", "localhost:80"))).service().target()).isEqualTo("http 127.0.0.1:80");
  }

  @Test
  void addsAndRemovesWhileRunning() throws IOException {
    String address = "127.0.0.1:" + TcpCases.freePort();
    ForwardInfo added = nodes.a.add("pg", "b", ChannelKind.stream, address).toCompletableFuture().join();
    assertThat(added).isEqualTo(new ForwardInfo("pg", "b", ChannelKind.stream, address, address, "", false, 0, 0));

    assertFails(address, "has a forward already");
    assertFails("127.0.0.1:" + server.getLocalPort(), "in use");
    assertFails("nonsense", "expected host:port");
    assertThat(nodes.a.forwards()).hasSize(1);

    assertThat(nodes.a.remove(address, ChannelKind.datagram)).isFalse();
    assertThat(nodes.a.remove(address, ChannelKind.stream)).isTrue();
    assertThat(nodes.a.remove(address, ChannelKind.stream)).isFalse();
    assertThat(nodes.a.forwards()).isEmpty();
  }

  @Test
  void whatIsConfiguredIsNotRemovedHere() throws IOException {
    String address = "127.0.0.1:" + TcpCases.freePort();
    new LocalEntry(Entries.local(Map.of("tcp", address)), nodes.a);
    assertThatThrownBy(() -> nodes.a.remove(address, ChannelKind.stream))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("configuration file");
  }

  @Test
  void anyGoesOnToAPeerThatAnswers() throws Exception {
    SplicedForwards c = nodes.node("c", limits);
    Socket dead = new Socket();
    dead.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // taken, and nobody listens
    Nodes.expose(nodes.b, "pg", ChannelKind.stream, (InetSocketAddress) dead.getLocalSocketAddress(), "*");
    Nodes.expose(c, "pg", ChannelKind.stream, target, "*");
    InetSocketAddress local = nodes.forward("pg", "any", ChannelKind.stream);
    for (int i = 0; i < 4; i++) {
      try (Socket app = new Socket(local.getAddress(), local.getPort()); Socket there = server.accept()) {
        app.getOutputStream().write(i);
        assertThat(there.getInputStream().read()).isEqualTo(i);
      }
      nodes.awaitQuiet();
    }
    assertThat(nodes.b.counters().get("targets_refused_target_dead")).isGreaterThanOrEqualTo(1);
    nodes.net.down("b");
    nodes.net.down("c");
    assertResetAtOnce(local);
    assertThat(nodes.a.counters()).containsEntry("connections_refused_link_down", 1L);
    c.close();
    dead.close();
  }

  @Test
  void connectionsAreBounded() throws Exception {
    Nodes.expose(nodes.b, "pg", ChannelKind.stream, target, "*");
    InetSocketAddress local = nodes.forward("pg", "b", ChannelKind.stream);
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      sockets.add(new Socket(local.getAddress(), local.getPort()));
      sockets.add(server.accept());
    }
    assertResetAtOnce(local);
    assertThat(nodes.a.counters()).containsEntry("connections_refused_too_many", 1L);
    for (Socket socket : sockets) {
      socket.close();
    }
    nodes.awaitQuiet();
    try (Socket app = new Socket(local.getAddress(), local.getPort()); Socket there = server.accept()) {
      app.getOutputStream().write(1);
      assertThat(there.getInputStream().read()).isEqualTo(1);
    }
  }

  @Test
  void twoEntriesOfOneNameWaitForEachOther() {
    ExposeEntry first = new ExposeEntry(Entries.expose(Map.of("tcp", "127.0.0.1:1"), "a"), nodes.b);
    ExposeEntry second = new ExposeEntry(Entries.expose(Map.of("tcp", "127.0.0.1:2"), "a"), nodes.b);
    assertThat(nodes.b.check()).singleElement().satisfies(r -> assertThat(r.message()).contains("another entry exposes pg"));
    first.close();
    time.advance(Duration.ofSeconds(2));
    assertThat(nodes.b.check()).isEmpty();
    second.close();
  }

  @Test
  void twiceStartedAndStoppedNothingIsLeft() throws Exception {
    int port = TcpCases.freePort();
    for (int i = 0; i < 2; i++) {
      ExposeEntry expose = new ExposeEntry(Entries.expose(Map.of("tcp", "127.0.0.1:" + server.getLocalPort()), "a"), nodes.b);
      LocalEntry entry = new LocalEntry(Entries.local(Map.of("at", "b", "tcp", "127.0.0.1:" + port)), nodes.a);
      awaitBound("127.0.0.1:" + port);
      try (Socket app = new Socket(InetAddress.getLoopbackAddress(), port); Socket there = server.accept()) {
        app.getOutputStream().write(1);
        assertThat(there.getInputStream().read()).isEqualTo(1);
        entry.close();
        expose.close();
      }
      nodes.awaitQuiet();
      assertThat(nodes.a.forwards()).isEmpty();
    }
  }

  @Test
  void anAppThatGivesUpWhileItsChannelOpensLeavesNothing() throws Exception {
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // A full backlog: connecting to it neither works nor fails.
      List<Socket> fillers = new ArrayList<>();
      var executor = Executors.newSingleThreadExecutor();
      for (int i = 0; i < 3; i++) {
        Socket filler = new Socket();
        fillers.add(filler);
        executor.execute(() -> {
          try {
            filler.connect(full.getLocalSocketAddress(), 300);
          } catch (IOException expected) {
            assertThat(expected).isNotNull();
          }
        });
      }
      Nodes.expose(nodes.b, "pg", ChannelKind.stream, (InetSocketAddress) full.getLocalSocketAddress(), "a");
      InetSocketAddress local = nodes.forward("pg", "b", ChannelKind.stream);
      Socket app = new Socket(local.getAddress(), local.getPort());
      Await.until("the connection", Nodes.SOON, () -> nodes.active() == 1);
      app.close();
      nodes.a.close();
      nodes.awaitQuiet();
      executor.shutdownNow();
      for (Socket filler : fillers) {
        filler.close();
      }
    }
  }

  private void assertFails(String address, String why) {
    assertThatThrownBy(() -> nodes.a.add("pg", "b", ChannelKind.stream, address).toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining(why);
  }

  private static void assertResetAtOnce(InetSocketAddress local) throws IOException {
    try (Socket app = new Socket(local.getAddress(), local.getPort())) {
      app.setSoTimeout(5_000);
      assertThatThrownBy(() -> app.getInputStream().read()).hasMessageContaining("reset");
    }
  }

  private ForwardInfo info() {
    return nodes.a.forwards().get(0);
  }

  private void awaitBound(String address) {
    awaitBound(address, () -> {});
  }

  private void awaitBound(String address, Runnable meanwhile) {
    Await.until("listening at " + address, Nodes.SOON, () -> {
      meanwhile.run();
      return info().bound().equals(address);
    });
  }
}
