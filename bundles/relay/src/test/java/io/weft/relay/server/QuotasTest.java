package io.weft.relay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.support.stun.Stun.Kind;
import io.weft.testkit.Await;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuotasTest {

  private static final Duration LONG = Duration.ofSeconds(5);

  @Test
  void usersHaveSoManyAndTheRelayToo() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("allocations_per_user", 2, "allocations_max", 3))) {
      List<TestClient> clients = new ArrayList<>();
      List<Integer> codes = new ArrayList<>();
      for (String user : List.of("a", "a", "a", "b", "c")) {
        TestClient client = TestClient.of(rig, user);
        clients.add(client);
        codes.add(client.allocate().errorCode());
      }
      assertThat(codes).containsExactly(0, 0, 486, 0, 508);
      assertThat(rig.status().allocations()).hasSize(3);
      assertThat(rig.count(Count.ALLOCATIONS_OVER_QUOTA)).isEqualTo(2);
      clients.get(0).refresh(0);
      assertThat(clients.get(4).allocate().kind()).as("one was given back").isEqualTo(Kind.success);
      clients.forEach(TestClient::close);
    }
  }

  @Test
  void portsRunOutAndComeBack() throws Exception {
    int first = RelayRig.freePort();
    try (RelayRig rig = new RelayRig(Map.of("ports", first + "-" + first)); TestClient a = TestClient.of(rig, "a"); TestClient b = TestClient.of(rig, "b")) {
      assertThat(a.allocated().getPort()).isEqualTo(first);
      assertThat(b.allocate().errorCode()).isEqualTo(508);
      assertThat(rig.count(Count.REQUESTS_REFUSED)).isEqualTo(1);
      a.refresh(0);
      Await.until("the port to be free again", LONG, () -> b.allocate().kind() == Kind.success);
    }
  }

  @Test
  void permissionsAndChannelsAreCounted() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("permissions_max", 2, "channels_max", 1)); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      assertThat(client.bind(0x4000, new InetSocketAddress("127.0.0.1", 1)).kind()).isEqualTo(Kind.success);
      assertThat(client.bind(0x4001, new InetSocketAddress("127.0.0.1", 2)).errorCode()).isEqualTo(508);
      assertThat(client.permit(new InetSocketAddress("127.0.0.2", 1)).kind()).isEqualTo(Kind.success);
      assertThat(client.permit(new InetSocketAddress("127.0.0.3", 1)).errorCode()).isEqualTo(508);
      assertThat(client.permit(new InetSocketAddress("127.0.0.2", 9)).kind()).as("one that is there").isEqualTo(Kind.success);
    }
  }

  @Test
  void whatIsOverTheRateIsDropped() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("allocation_bytes_per_second", 4_000L)); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      client.allocated();
      client.bind(0x4001, peer.address());
      for (int i = 0; i < 4; i++) {
        client.frame(0x4001, "x".repeat(500).getBytes(UTF_8));
      }
      peer.hear();
      peer.hear();
      Await.until("the rest to be dropped", LONG, () -> rig.count(Count.DROPPED_OVER_RATE) == 2);
      rig.time.advance(Duration.ofSeconds(1));
      client.frame(0x4001, "later".getBytes(UTF_8));
      assertThat(peer.hear().text()).isEqualTo("later");
    }
  }
}
