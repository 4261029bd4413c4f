package io.weft.relay.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthKind;
import io.weft.node.HealthResult;
import io.weft.node.HealthStatus;
import io.weft.node.Listener;
import io.weft.testkit.Await;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigTest {

  private static final Duration LONG = Duration.ofSeconds(5);

  @Test
  void nothingListensUnlessItIsSaid() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("listen", ""))) {
      assertThat(rig.relay.listeners()).isEmpty();
      assertThat(rig.relay.check()).isEmpty();
      rig.change(Map.of("listen", "127.0.0.1:" + RelayRig.freePort()));
      rig.awaitServing();
      rig.change(Map.of("listen", ""));
      Await.until("it to end", LONG, () -> rig.relay.listeners().isEmpty());
    }
  }

  @Test
  void itSaysWhereItListensAndHowItIs() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("allow_private", true))) {
      String address = "127.0.0.1:" + rig.address().getPort();
      assertThat(rig.relay.listeners()).containsExactly(new Listener(address, "tcp", "relay"), new Listener(address, "udp", "relay"));
      assertThat(rig.status().listeners()).containsExactly(address + "/tcp", address + "/udp");
      assertThat(rig.relay.check()).extracting(HealthResult::kind, HealthResult::status).containsExactly(
          org.assertj.core.groups.Tuple.tuple(HealthKind.readiness, HealthStatus.ok),
          org.assertj.core.groups.Tuple.tuple(HealthKind.posture, HealthStatus.warn),
          org.assertj.core.groups.Tuple.tuple(HealthKind.posture, HealthStatus.warn));
    }
  }

  @Test
  void whatIsWrongIsSaidInOneLine() throws Exception {
    String listen = "127.0.0.1:" + RelayRig.freePort();
    try (RelayRig rig = new RelayRig(Map.of("listen", ""))) {
      Map<Map<String, Object>, String> table = Map.of(
          Map.of("listen", "localhost:3478"), "relay.listen is 'localhost:3478': an IP address is wanted",
          Map.of("listen", listen, "ports", "1"), "relay.ports is '1': expected first-last",
          Map.of("listen", listen, "realm", ""), "relay.realm must be",
          Map.of("listen", listen, "alternate", "127.0.0.1:9"), "relay.alternate needs another IP address",
          Map.of("listen", listen, "address", "0.0.0.0"), "relay.address must be an address that others can reach",
          Map.of("listen", listen, "deny_ranges", new String[] {"10/8"}), "relay.deny.ranges is '10/8': expected a block",
          Map.of("listen", listen, "tls_listen", "127.0.0.1:9"), "relay.tls.listen needs",
          Map.of("listen", listen, "secret", "secret:test/none"), "relay.secret cannot be read");
      Map<String, Object> fine = Map.of("listen", "", "ports", "49152-65535", "realm", "weft", "alternate", "", "address", "",
          "deny_ranges", new String[0], "tls_listen", "", "secret", "secret:test/turn");
      for (Map.Entry<Map<String, Object>, String> row : table.entrySet()) {
        rig.change(fine);
        rig.change(row.getKey());
        Await.until(row.getValue(), LONG, () -> rig.status().problem().startsWith(row.getValue()));
        assertThat(rig.relay.check()).extracting(HealthResult::status).contains(HealthStatus.critical);
        assertThat(rig.relay.listeners()).isEmpty();
      }
    }
  }

  @Test
  void itTriesAgainWhileThePortIsTaken() throws Exception {
    int port = RelayRig.freePort();
    try (DatagramSocket taken = new DatagramSocket(port, RelayRig.LOOPBACK); RelayRig rig = new RelayRig(Map.of("listen", "127.0.0.1:" + port))) {
      Await.until("the problem", LONG, () -> rig.status().problem().startsWith("cannot bind UDP 127.0.0.1:" + port));
      taken.close();
      Await.until("it to serve", LONG, () -> {
        rig.time.advance(Duration.ofSeconds(1));
        return List.of("127.0.0.1:" + port + "/tcp", "127.0.0.1:" + port + "/udp").equals(rig.status().listeners());
      });
      assertThat(rig.status().problem()).isEmpty();
    }
  }

  @Test
  void twoCyclesLeaveNothing() throws Exception {
    try (RelayRig rig = new RelayRig()) {
      String listen = "127.0.0.1:" + rig.address().getPort();
      for (int i = 0; i < 2; i++) {
        try (TestClient client = TestClient.of(rig, "a")) {
          client.allocated();
        }
        rig.change(Map.of("listen", ""));
        Await.until("everything to end", LONG, () -> rig.relay.listeners().isEmpty() && rig.time.pending() == 0);
        assertThat(rig.status().allocations()).isEmpty();
        rig.change(Map.of("listen", listen));
        rig.awaitServing();
      }
      rig.relay.close();
      Await.until("the port to be free", LONG, () -> isFree(rig.address().getPort()));
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(port, RelayRig.LOOPBACK)) {
      return socket.isBound();
    } catch (BindException e) {
      return false;
    }
  }
}
