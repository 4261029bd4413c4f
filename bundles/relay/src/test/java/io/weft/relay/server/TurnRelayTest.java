package io.weft.relay.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.weft.support.stun.ChannelData;
import io.weft.support.stun.Credentials;
import io.weft.support.stun.Stun;
import io.weft.support.stun.Stun.Kind;
import io.weft.support.stun.StunMessage;
import io.weft.support.stun.Transaction;
import io.weft.testkit.Await;
import io.weft.testkit.ServerProcess;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnRelayTest {

  private static final Duration LONG = Duration.ofSeconds(5);
  private static final int CHANNEL = 0x4001;

  @Test
  void whoeverAsksLearnsItsAddress() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      StunMessage answer = client.askOnce(Stun.BINDING, w -> w);
      assertThat(answer.address(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(client.local());
      assertThat(answer.address(Stun.RESPONSE_ORIGIN)).isEqualTo(rig.address());
      assertThat(answer.has(Stun.OTHER_ADDRESS)).isFalse();
      assertThat(answer.isFingerprinted()).isTrue();
      assertThat(client.askOnce(Stun.BINDING, w -> w.number(0x7abc, 1)).errorCode()).isEqualTo(420);
    }
  }

  @Test
  void indicationsCarryDataBothWays() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      InetSocketAddress relayed = client.allocated();
      assertThat(client.permit(peer.address()).kind()).isEqualTo(Kind.success);
      client.sendTo(peer.address(), "there".getBytes(UTF_8));
      assertThat(peer.hear()).isEqualTo(new TestPeer.Heard("there", relayed));
      peer.send("and back", relayed);
      StunMessage data = StunMessage.decode(client.receive());
      assertThat(data.is(Kind.indication, Stun.DATA)).isTrue();
      assertThat(data.address(Stun.XOR_PEER_ADDRESS)).isEqualTo(peer.address());
      assertThat(data.bytes(Stun.DATA_VALUE)).isEqualTo("and back".getBytes(UTF_8));
    }
  }

  @Test
  void channelsCarryDataBothWays() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      throughChannel(client, peer);
      assertThat(rig.status().allocations()).singleElement().satisfies(a -> {
        assertThat(a.user()).isEqualTo("a");
        assertThat(a.protocol()).isEqualTo("udp");
        assertThat(a.channels()).isEqualTo(1);
        assertThat(a.bytesSent()).isEqualTo(5);
        assertThat(a.bytesReceived()).isEqualTo(8);
      });
      assertThat(rig.status().bytesPerSecond()).isPositive();
    }
  }

  private static void throughChannel(TestClient client, TestPeer peer) {
    InetSocketAddress relayed = client.allocated();
    assertThat(client.bind(CHANNEL, peer.address()).kind()).isEqualTo(Kind.success);
    client.frame(CHANNEL, "there".getBytes(UTF_8));
    assertThat(peer.hear()).isEqualTo(new TestPeer.Heard("there", relayed));
    peer.send("and back", relayed);
    ByteBuf frame = client.receive();
    assertThat(ChannelData.channel(frame)).isEqualTo(CHANNEL);
    assertThat(frame.toString(4, ChannelData.length(frame), UTF_8)).isEqualTo("and back");
  }

  @Test
  void clientsComeOverTcpToo() throws Exception {
    try (RelayRig rig = new RelayRig();
        TestClient client = TestClient.tcp(new Socket(RelayRig.LOOPBACK, rig.address().getPort()),
            Credentials.timeLimited(rig.secret(), "a", rig.time.now().plusSeconds(60)));
        TestPeer peer = new TestPeer()) {
      assertThat(client.askOnce(Stun.BINDING, w -> w).address(Stun.XOR_MAPPED_ADDRESS)).isEqualTo(client.local());
      throughChannel(client, peer);
      assertThat(rig.status().allocations()).singleElement().satisfies(a -> assertThat(a.protocol()).isEqualTo("tcp"));
      client.close();
      Await.until("the allocation to end with its connection", LONG, () -> rig.status().allocations().isEmpty());
    }
  }

  @Test
  void aConnectionWithoutAllocationIsCutOff() throws Exception {
    try (RelayRig rig = new RelayRig(); Socket socket = new Socket(RelayRig.LOOPBACK, rig.address().getPort())) {
      socket.setSoTimeout(5_000);
      Await.until("its timer", LONG, () -> rig.time.pending() > 0);
      rig.time.advance(TcpFront.IDLE);
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void whatIsNotStunEndsAConnection() throws Exception {
    try (RelayRig rig = new RelayRig(); Socket socket = new Socket(RelayRig.LOOPBACK, rig.address().getPort())) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(new byte[] {(byte) 0xc0, 0, 0, 1});
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void twoClientsMeetInsideTheRelay() throws Exception {
    // Without leave to reach loopback: what the relay lends is no other machine.
    try (RelayRig rig = new RelayRig(Map.of("allow_ranges", new String[0])); TestClient a = TestClient.of(rig, "a"); TestClient b = TestClient.of(rig, "b")) {
      InetSocketAddress ofA = a.allocated();
      InetSocketAddress ofB = b.allocated();
      assertThat(a.bind(CHANNEL, ofB).kind()).isEqualTo(Kind.success);
      assertThat(b.permit(ofA).kind()).isEqualTo(Kind.success);
      a.frame(CHANNEL, "there".getBytes(UTF_8));
      StunMessage data = StunMessage.decode(b.receive());
      assertThat(data.address(Stun.XOR_PEER_ADDRESS)).isEqualTo(ofA);
      assertThat(data.bytes(Stun.DATA_VALUE)).isEqualTo("there".getBytes(UTF_8));
      b.sendTo(ofA, "and back".getBytes(UTF_8));
      assertThat(a.receive().toString(4, 8, UTF_8)).isEqualTo("and back");
    }
  }

  @Test
  void ofItsOwnAddressOnlyLentPortsCanBeReached() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("allow_ranges", new String[0])); TestClient client = TestClient.of(rig, "a"); TestPeer local = new TestPeer()) {
      InetSocketAddress relayed = client.allocated();
      assertThat(client.bind(CHANNEL, local.address()).errorCode()).isEqualTo(403);
      assertThat(client.permit(local.address()).kind()).isEqualTo(Kind.success);
      client.sendTo(local.address(), "knock".getBytes(UTF_8));
      Await.until("it to be dropped", LONG, () -> rig.count(Count.DROPPED_NO_PERMISSION) == 1);
      local.send("who is there", relayed);
      assertThat(client.askOnce(Stun.BINDING, w -> w).kind()).as("nothing else came").isEqualTo(Kind.success);
    }
  }

  @Test
  void peersWithoutPermissionAreNotHeard() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      InetSocketAddress relayed = client.allocated();
      client.sendTo(peer.address(), "there".getBytes(UTF_8));
      peer.send("hello", relayed);
      Await.until("both to be dropped", LONG, () -> rig.count(Count.DROPPED_NO_PERMISSION) == 2);
      client.permit(peer.address());
      rig.time.advance(Allocation.PERMISSION_LIFE.plusMillis(1));
      peer.send("hello", relayed);
      Await.until("that too, later", LONG, () -> rig.count(Count.DROPPED_NO_PERMISSION) == 3);
    }
  }

  @Test
  void aPermissionThatIsGivenAgainRevivesItsChannel() throws Exception {
    try (RelayRig rig = new RelayRig(Map.of("permissions_max", 1)); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      InetSocketAddress relayed = client.allocated();
      client.bind(CHANNEL, peer.address());
      client.refresh(3_600);
      rig.time.advance(Allocation.PERMISSION_LIFE.plusSeconds(1));
      assertThat(client.permit(new InetSocketAddress("127.0.0.77", 1)).kind()).as("takes the place of the one that ended").isEqualTo(Kind.success);
      assertThat(client.permit(peer.address()).errorCode()).isEqualTo(508);
      rig.time.advance(Allocation.PERMISSION_LIFE.plusSeconds(1));
      assertThat(client.permit(peer.address()).kind()).isEqualTo(Kind.success);
      assertThat(client.bind(CHANNEL, peer.address()).kind()).isEqualTo(Kind.success);
      client.frame(CHANNEL, "there".getBytes(UTF_8));
      assertThat(peer.hear().from()).isEqualTo(relayed);
    }
  }

  @Test
  void allocationsEndUnlessRefreshed() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      rig.time.advance(Requests.LIFETIME.minusSeconds(1));
      assertThat(client.refresh(600).number(Stun.LIFETIME)).isEqualTo(600);
      rig.time.advance(Duration.ofSeconds(2));
      assertThat(rig.status().allocations()).hasSize(1);
      assertThat(client.refresh(1_000_000).number(Stun.LIFETIME)).isEqualTo(Requests.LIFETIME_MAX.toSeconds());
      rig.time.advance(Requests.LIFETIME_MAX);
      Await.until("it to end", LONG, () -> rig.status().allocations().isEmpty());
      TestClient again = TestClient.udp(rig.address(), Credentials.timeLimited(rig.secret(), "a", rig.time.now().plusSeconds(60)));
      again.allocated();
      assertThat(again.refresh(0).number(Stun.LIFETIME)).isZero();
      assertThat(again.refresh(600).errorCode()).isEqualTo(437);
      assertThat(rig.count(Count.ALLOCATIONS_ENDED)).isEqualTo(2);
      again.close();
    }
  }

  @Test
  void anAnswerThatWasLostIsGivenAgain() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      client.challenge(client.askOnce(Stun.ALLOCATE, w -> w));
      Transaction same = new Transaction(1, 2);
      StunMessage first = client.askOnce(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP), same);
      StunMessage second = client.askOnce(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP), same);
      assertThat(second.address(Stun.XOR_RELAYED_ADDRESS)).isEqualTo(first.address(Stun.XOR_RELAYED_ADDRESS)).isNotNull();
      assertThat(client.allocate().errorCode()).isEqualTo(437);
    }
  }

  @Test
  void requestsOutOfOrderHaveTheirCodes() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a"); TestPeer peer = new TestPeer()) {
      assertThat(client.ask(Stun.ALLOCATE, w -> w).errorCode()).as("no transport").isEqualTo(400);
      assertThat(client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 6)).errorCode()).as("TCP").isEqualTo(442);
      assertThat(client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).firstOfFour(Stun.REQUESTED_ADDRESS_FAMILY, 2))
          .errorCode()).as("IPv6").isEqualTo(440);
      StunMessage unknown = client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).bytes(Stun.DONT_FRAGMENT, new byte[0]));
      assertThat(unknown.errorCode()).isEqualTo(420);
      assertThat(unknown.bytes(Stun.UNKNOWN_ATTRIBUTES)).containsExactly(0, Stun.DONT_FRAGMENT);
      assertThat(client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).bytes(Stun.RESERVATION_TOKEN, new byte[8]))
          .errorCode()).as("nothing is reserved").isEqualTo(508);
      assertThat(client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).bytes(Stun.RESERVATION_TOKEN, new byte[8])
          .bytes(Stun.EVEN_PORT, new byte[] {0})).errorCode()).as("both").isEqualTo(400);
      assertThat(client.refresh(600).errorCode()).as("nothing to refresh").isEqualTo(437);
      assertThat(client.permit(peer.address()).errorCode()).isEqualTo(437);
      assertThat(client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).bytes(Stun.EVEN_PORT, new byte[] {0}))
          .address(Stun.XOR_RELAYED_ADDRESS).getPort()).as("an even port").isEven();
      assertThat(client.ask(Stun.CREATE_PERMISSION, w -> w).errorCode()).isEqualTo(400);
      assertThat(client.permit(new InetSocketAddress("2001:db8::7", 7)).errorCode()).isEqualTo(443);
      assertThat(client.bind(0x3fff, peer.address()).errorCode()).isEqualTo(400);
      assertThat(client.bind(CHANNEL, peer.address()).kind()).isEqualTo(Kind.success);
      assertThat(client.bind(CHANNEL, peer.address()).kind()).as("again").isEqualTo(Kind.success);
      assertThat(client.bind(CHANNEL + 1, peer.address()).errorCode()).as("a second number").isEqualTo(400);
      assertThat(client.bind(CHANNEL, new InetSocketAddress("127.0.0.1", 9)).errorCode()).as("a second peer").isEqualTo(400);
      assertThat(client.ask(0x00b, w -> w).errorCode()).as("no such method").isEqualTo(400);
    }
  }

  @Test
  void onlyWhoKnowsTheSecretGetsIn() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      long now = rig.time.now().getEpochSecond();
      for (String user : List.of(now - 61 + ":a", now + 90_000 + ":a", "a", ":a", now + 60 + ":")) {
        client.use(Credentials.of(rig.secret(), user));
        StunMessage refused = client.allocate();
        assertThat(refused.errorCode()).as(user).isEqualTo(401);
        boolean late = user.equals(now - 61 + ":a") || user.equals(now + 90_000 + ":a");
        assertThat(refused.number(Stun.RELAY_CLOCK)).as("whoever has the secret learns that the clocks differ").isEqualTo(late ? now : -1);
      }
      client.use(Credentials.of("another secret".getBytes(UTF_8), now - 61 + ":a"));
      StunMessage stranger = client.allocate();
      assertThat(stranger.errorCode()).isEqualTo(401);
      assertThat(stranger.has(Stun.RELAY_CLOCK)).as("a stranger learns nothing").isFalse();
      client.use(Credentials.of(rig.secret(), now - 30 + ":a"));
      assertThat(client.allocate().kind()).as("clocks differ a little").isEqualTo(Kind.success);
    }
  }

  @Test
  void noncesGrowOldAndBelongToOneClient() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a"); TestClient other = TestClient.of(rig, "b")) {
      StunMessage challenge = client.askOnce(Stun.ALLOCATE, w -> w);
      assertThat(challenge.errorCode()).isEqualTo(401);
      other.challenge(challenge);
      assertThat(other.askOnce(Stun.ALLOCATE, w -> w).errorCode()).isEqualTo(438);
      client.challenge(challenge);
      rig.time.advance(Nonces.LIFE.plusMillis(1));
      StunMessage stale = client.askOnce(Stun.ALLOCATE, w -> w);
      assertThat(stale.errorCode()).isEqualTo(438);
      client.challenge(stale);
      assertThat(client.allocate().kind()).isEqualTo(Kind.success);
    }
  }

  @Test
  void credentialsAreRenewedUnderTheSameName() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      client.use(Credentials.timeLimited(rig.secret(), "a", rig.time.now().plusSeconds(7_200)));
      assertThat(client.refresh(600).kind()).isEqualTo(Kind.success);
      client.use(Credentials.timeLimited(rig.secret(), "b", rig.time.now().plusSeconds(7_200)));
      assertThat(client.refresh(600).errorCode()).isEqualTo(441);
    }
  }

  @Test
  void twoSecretsCountWhileClientsChangeOver() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      client.allocated();
      rig.secrets.put("secret:test/new", "the next one");
      rig.change(Map.of("secret", "secret:test/new", "previous_secret", "secret:test/turn"));
      TestClient next = TestClient.udp(rig.address(), Credentials.timeLimited("the next one".getBytes(UTF_8), "b", rig.time.now().plusSeconds(60)));
      Await.until("the new secret to count", LONG, () -> next.refresh(600).errorCode() == 437);
      assertThat(client.refresh(600).kind()).as("its allocation is still there").isEqualTo(Kind.success);
      rig.change(Map.of("previous_secret", ""));
      Await.until("the old secret to end", LONG, () -> client.refresh(600).errorCode() == 401);
      next.close();
    }
  }

  @Test
  void addressesOfNatsCanBeComparedWithASecondAddress() throws Exception {
    int other = RelayRig.freePort();
    try (RelayRig rig = new RelayRig(Map.of("alternate", "127.0.0.2:" + other)); TestClient client = TestClient.of(rig, "a")) {
      StunMessage plain = client.askOnce(Stun.BINDING, w -> w);
      assertThat(plain.address(Stun.OTHER_ADDRESS)).isEqualTo(new InetSocketAddress("127.0.0.2", other));
      assertThat(client.askOnce(Stun.BINDING, w -> w.number(Stun.CHANGE_REQUEST, 6)).address(Stun.RESPONSE_ORIGIN))
          .isEqualTo(new InetSocketAddress("127.0.0.2", other));
      assertThat(client.askOnce(Stun.BINDING, w -> w.number(Stun.CHANGE_REQUEST, 2)).address(Stun.RESPONSE_ORIGIN))
          .isEqualTo(new InetSocketAddress("127.0.0.1", other));
    }
    try (RelayRig rig = new RelayRig(); TestClient client = TestClient.of(rig, "a")) {
      assertThat(client.askOnce(Stun.BINDING, w -> w.number(Stun.CHANGE_REQUEST, 6)).errorCode()).isEqualTo(420);
    }
  }

  @Test
  void thePortBesideIsKeptForAWhile() throws Exception {
    try (RelayRig rig = new RelayRig(); TestClient one = TestClient.of(rig, "a"); TestClient two = TestClient.of(rig, "a"); TestClient three = TestClient.of(rig, "a")) {
      StunMessage first = pair(one);
      byte[] token = first.bytes(Stun.RESERVATION_TOKEN);
      int port = first.address(Stun.XOR_RELAYED_ADDRESS).getPort();
      assertThat(port).isEven();
      StunMessage second = reserved(two, token);
      assertThat(second.address(Stun.XOR_RELAYED_ADDRESS).getPort()).isEqualTo(port + 1);
      assertThat(reserved(three, token).errorCode()).as("used once").isEqualTo(508);
      one.refresh(0);
      byte[] late = pair(one).bytes(Stun.RESERVATION_TOKEN);
      rig.time.advance(Reservations.LIFE.plusMillis(1));
      assertThat(reserved(three, late).errorCode()).as("too late").isEqualTo(508);
    }
  }

  private static StunMessage pair(TestClient client) {
    return client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP).bytes(Stun.EVEN_PORT, new byte[] {-128}));
  }

  private static StunMessage reserved(TestClient client, byte[] token) {
    return client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, Stun.UDP).bytes(Stun.RESERVATION_TOKEN, token));
  }

  @Test
  void oneAddressFamilyIsLent() throws Exception {
    InetAddress six = InetAddress.getByName("::1");
    if (NetworkInterface.getByInetAddress(six) == null) {
      ServerProcess.missing("IPv6 on loopback");
    }
    int port = RelayRig.freePort();
    try (RelayRig rig = new RelayRig(Map.of("listen", ""))) {
      rig.change(Map.of("listen", "[::1]:" + port, "allow_ranges", new String[] {"::1/128"}));
      rig.awaitServing();
      Credentials credentials = Credentials.timeLimited(rig.secret(), "a", rig.time.now().plusSeconds(60));
      try (TestClient client = TestClient.udp(new InetSocketAddress(six, port), credentials); TestPeer peer = new TestPeer(six)) {
        assertThat(client.allocate().errorCode()).as("IPv4 is what is meant without a word").isEqualTo(440);
        StunMessage answer =
            client.ask(Stun.ALLOCATE, w -> w.firstOfFour(Stun.REQUESTED_TRANSPORT, 17).firstOfFour(Stun.REQUESTED_ADDRESS_FAMILY, Stun.FAMILY_IPV6));
        InetSocketAddress relayed = answer.address(Stun.XOR_RELAYED_ADDRESS);
        assertThat(relayed.getAddress()).isEqualTo(six);
        assertThat(client.permit(new InetSocketAddress("127.0.0.1", 9)).errorCode()).isEqualTo(443);
        assertThat(client.bind(CHANNEL, peer.address()).kind()).isEqualTo(Kind.success);
        client.frame(CHANNEL, "there".getBytes(UTF_8));
        assertThat(peer.hear()).isEqualTo(new TestPeer.Heard("there", relayed));
      }
    }
  }
}
