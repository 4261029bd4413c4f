package io.weft.signaling.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.directory.Peer;
import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.Gate;
import io.weft.testkit.Await;
import io.weft.testkit.FakeDirectory;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.ManualTime;
import java.io.IOException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpBrokerTest {

  private static final Duration SOON = Duration.ofSeconds(10);

  private final ManualTime time = new ManualTime();
  private Broker broker = new Broker(time, time);
  private final FakeIdentity a = new FakeIdentity("demo", "a");
  private final FakeIdentity b = new FakeIdentity("demo", "b");

  @AfterEach
  void close() {
    broker.close();
  }

  private Member member(FakeIdentity identity) throws IOException {
    return new Member(identity, time, broker.port());
  }

  private static CompletableFuture<Member.Reply> pollInBackground(Member member) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return member.poll();
      } catch (IOException e) {
        throw new CompletionException(e);
      }
    });
  }

  @Test
  void keepsMessagesUntilTheyArePolled() throws Exception {
    try (Member from = member(a); Member to = member(b)) {
      Envelope auth = from.seal("b", SignalType.auth, 1, "ufrag:pwd");
      assertThat(from.publish(auth).status()).isEqualTo(204);
      assertThat(from.publish("b", SignalType.candidate, 1, "host").status()).isEqualTo(204);

      Member.Reply reply = to.poll();

      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.head()).contains("application/json");
      assertThat(reply.head().toLowerCase()).contains("date: thu, 01 jan 2026 00:00:00 gmt");
      assertThat(reply.envelopes()).hasSize(2).first().isEqualTo(auth);
    }
  }

  @Test
  void aPollWaitsForAMessage() throws Exception {
    try (Member from = member(a); Member to = member(b)) {
      CompletableFuture<Member.Reply> waiting = pollInBackground(to);
      Await.until("the poll to wait", SOON, () -> broker.count("polls_waited") == 1);

      from.publish("b", SignalType.auth, 1, "x");

      assertThat(waiting.get(10, TimeUnit.SECONDS).envelopes()).hasSize(1);
    }
  }

  @Test
  void aPollEndsAfter25Seconds() throws Exception {
    try (Member to = member(b)) {
      CompletableFuture<Member.Reply> waiting = pollInBackground(to);
      Await.until("the poll to wait", SOON, () -> broker.count("polls_waited") == 1);

      time.advance(Duration.ofMillis(24_999));
      assertThat(waiting).isNotDone();
      time.advance(Duration.ofMillis(1));

      assertThat(waiting.get(10, TimeUnit.SECONDS).text()).isEqualTo("[]");
      assertThat(broker.count("polls_undelivered")).isZero();
    }
  }

  @Test
  void codesOfTheRoutes() throws Exception {
    record Case(String method, String target, String body, int status) {}
    String good;
    try (Member from = member(a)) {
      good = EnvelopeJson.write(from.seal("b", SignalType.auth, 1, "x"));
    }
    List<Case> cases = List.of(
        new Case("GET", "/publish?to=b", "", 405),
        new Case("POST", "/poll?peer=a", "x", 405),
        new Case("POST", "/publish", good, 400),
        new Case("POST", "/publish?to=", good, 400),
        new Case("POST", "/publish?to=b&to=c", good, 400),
        new Case("POST", "/publish?to=b", "{", 400),
        new Case("POST", "/publish?to=b", "{}", 400),
        new Case("POST", "/publish?to=c", good, 400),
        new Case("POST", "/publish?to=b", "x".repeat(EnvelopeJson.ENVELOPE_MAX + 1), 413),
        new Case("GET", "/poll", "", 400),
        new Case("GET", "/poll?peer=b", "", 403),
        new Case("GET", "/", "", 404),
        new Case("GET", "/" + "x".repeat(2_000), "", 414),
        new Case("POST", "/publish?to=b", good, 204));
    for (Case each : cases) {
      try (Member from = member(a)) {
        assertThat(from.ask(each.method, each.target, each.body).status()).as(each.toString()).isEqualTo(each.status);
      }
    }
  }

  @Test
  void onlyTheOwnerReadsAMailbox() throws Exception {
    FakeIdentity thief = new FakeIdentity("demo", "b", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    try (Member from = member(a); Member other = member(new FakeIdentity("demo", "c")); Member forger = member(thief); Member to = member(b)) {
      from.publish("b", SignalType.auth, 1, "x");
      assertThat(other.ask("GET", "/poll?peer=b", "").status()).isEqualTo(403);
      assertThat(forger.poll().status()).isEqualTo(401);
      assertThat(to.poll().envelopes()).hasSize(1);
    }
  }

  @Test
  void nobodyPurgesInTheNameOfAnother() throws Exception {
    FakeIdentity c = new FakeIdentity("demo", "c");
    try (Member from = member(a); Member other = member(c); Member to = member(b)) {
      from.publish("b", SignalType.auth, 1, "x");
      from.publish("b", SignalType.candidate, 1, "x");
      Envelope stolen = from.seal("b", SignalType.auth, 2, "x");
      Envelope forged = new Envelope("a", "b", stolen.signal(), stolen.time(), stolen.nonce(), new byte[64]);
      assertThat(other.publish(stolen).status()).isEqualTo(403);
      assertThat(other.publish(forged).status()).isEqualTo(403);
      assertThat(from.publish(forged).status()).isEqualTo(403);
      assertThat(to.poll().envelopes()).hasSize(2);
    }
  }

  @Test
  void aRequestCountsOnceHereAndNow() throws Exception {
    try (Member to = member(b); Member again = member(b); Member late = member(b); Member elsewhere = member(b)) {
      String here = "127.0.0.1:" + broker.port();
      String request = to.request("POST", "/publish?to=a", here, EnvelopeJson.write(to.seal("a", SignalType.auth, 1, "x")));
      to.send(request);
      assertThat(to.reply().status()).isEqualTo(204);
      again.send(request);
      assertThat(again.reply().text()).contains("repeated");
      String other = elsewhere.request("GET", "/poll?peer=b", "other.example:7000", "");
      elsewhere.send(other);
      Member.Reply refused = elsewhere.reply();
      assertThat(refused.status()).isEqualTo(421);
      assertThat(refused.text()).contains("signaling.server.hosts");
      elsewhere.send(other.replace("Host: other.example:7000", "Host: " + here));
      assertThat(elsewhere.reply().text()).contains("unknown_member");
      late.send(late.request("GET", "/poll?peer=b", here, "").replace("Weft1", "Weft2"));
      assertThat(late.reply().text()).contains("not_signed");
    }
    try (Member named = member(b)) {
      named.send(named.request("POST", "/publish?to=a", "Broker.Example", EnvelopeJson.write(named.seal("a", SignalType.done, 1, "x"))));
      assertThat(named.reply().status()).isEqualTo(204);
    }
  }

  @Test
  void clocksThatDifferTooMuchAreToldSo() throws Exception {
    ManualTime ahead = new ManualTime(time.now().plus(Gate.SKEW_MAX).plusSeconds(1));
    try (Member to = new Member(b, ahead, broker.port())) {
      Member.Reply reply = to.poll();
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.text()).contains("clock_skew");
    }
  }

  @Test
  void ambiguousRequestsAreRefused() throws Exception {
    String host = "127.0.0.1:" + broker.port();
    List<String> bad = List.of(
        "POST /publish?to=b HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /publish?to=b HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /publish?to=b HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        "GET /poll?peer=b HTTP/1.1\r\nHost: " + host + "\r\nHost: other\r\n\r\n",
        "GET /poll?peer=b HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n",
        "GET /poll?peer=b HTTP/1.1\r\n\r\n",
        "GET /poll?peer=b HTTP/1.0\r\nHost: " + host + "\r\n\r\n",
        "GET http://other/poll?peer=b HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
        "\u0000\u0001\u0002\r\n\r\n");
    for (String request : bad) {
      try (Member member = member(b)) {
        member.send(request);
        assertThat(member.reply().status()).as(request).isEqualTo(400);
        assertThat(member.isClosed()).isTrue();
      }
    }
    try (Member member = member(b)) {
      member.send("GET /poll?peer=b HTTP/1.1\r\nHost: " + host + "\r\nX: " + "y".repeat(Limits.HEADER_BYTES) + "\r\n\r\n");
      assertThat(member.reply().status()).isEqualTo(431);
    }
  }

  @Test
  void slowClientsAreCutOff() throws Exception {
    try (Member silent = member(a); Member slow = member(a)) {
      slow.send("POST /publish?to=b HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc");
      Await.until("both to be there", SOON, () -> time.pending() == 3);
      time.advance(Limits.REQUEST);
      assertThat(silent.isClosed()).isTrue();
      assertThat(slow.isClosed()).isTrue();
      Await.until("it to be counted", SOON, () -> broker.count("connections_timed_out_request") == 2);
    }
  }

  @Test
  void aClientThatGoesLeavesItsMailboxToTheNext() throws Exception {
    Member gone = member(b);
    CompletableFuture<Member.Reply> waiting = pollInBackground(gone);
    Await.until("the poll to wait", SOON, () -> broker.count("polls_waited") == 1);
    gone.close();
    assertThat(waiting).failsWithin(SOON);
    Await.until("the poll to be gone", SOON, () -> time.pending() == 1);
    try (Member from = member(a); Member to = member(b)) {
      from.publish("b", SignalType.auth, 1, "x");
      assertThat(to.poll().envelopes()).hasSize(1);
    }
  }

  @Test
  void ratesAreLimitedPerSenderAndNetwork() throws Exception {
    try (Member from = member(a); Member other = member(new FakeIdentity("demo", "c"))) {
      for (int i = 0; i < 200; i++) {
        assertThat(from.publish("b", SignalType.candidate, 1, "x" + i).status()).isEqualTo(204);
      }
      assertThat(from.publish("b", SignalType.candidate, 1, "x").text()).contains("rate_sender");
      assertThat(other.publish("b", SignalType.candidate, 1, "x").status()).isEqualTo(204);
    }
    time.advance(Duration.ofSeconds(1));
    try (Member from = member(a)) {
      assertThat(from.publish("b", SignalType.candidate, 1, "x").status()).isEqualTo(204);
    }
    Limits strict = new Limits(16, 1_000_000, 20, 1, 3, 2);
    try (Broker small = new Broker(time, time, 0, strict, null)) {
      for (int i = 0; i < 4; i++) {
        try (Member from = new Member(a, time, small.port())) {
          assertThat(from.ask("GET", "/", "").status()).isEqualTo(404);
        }
      }
      try (Member from = new Member(a, time, small.port())) {
        assertThat(from.ask("GET", "/", "").text()).contains("rate_network");
      }
      try (Member one = new Member(a, time, small.port()); Member two = new Member(a, time, small.port());
          Member three = new Member(a, time, small.port())) {
        assertThat(three.isClosed()).isTrue();
        Await.until("it to be counted", SOON, () -> small.count("connections_refused_address") == 1);
      }
    }
  }

  @Test
  void connectionsOfAllTogetherAreLimited() throws Exception {
    try (Broker small = new Broker(time, time, 0, new Limits(16, 1_000_000, 20, 1_000, 2, 10), null);
        Member one = new Member(a, time, small.port());
        Member two = new Member(b, time, small.port());
        Member three = new Member(a, time, small.port())) {
      assertThat(three.isClosed()).isTrue();
      Await.until("it to be counted", SOON, () -> small.count("connections_refused_all") == 1);
      assertThat(one.ask("GET", "/", "").status()).isEqualTo(404);
      assertThat(two.ask("GET", "/", "").status()).isEqualTo(404);
    }
  }

  @Test
  void onARequestOnlyPeersHaveMailboxes() throws Exception {
    FakeDirectory directory = new FakeDirectory();
    directory.say(new Peer(a.self(), List.of(), Map.of(), List.of("test")));
    try (Broker closed = new Broker(time, time, 0, Broker.LIMITS, directory);
        Member from = new Member(a, time, closed.port()); Member stranger = new Member(b, time, closed.port())) {
      assertThat(from.publish("b", SignalType.auth, 1, "x").text()).contains("unknown_peer");
      assertThat(from.publish("hub", SignalType.auth, 1, "x").status()).isEqualTo(204);
      assertThat(stranger.poll().text()).contains("unknown_member");
    }
  }

  @Test
  void aPortInUseIsTriedAgain() throws Exception {
    io.weft.support.signal.Counters counters = new io.weft.support.signal.Counters();
    Membership membership = new Membership(a, false, () -> null);
    try (HttpBroker second = new HttpBroker(new HttpBroker.Setup(new java.net.InetSocketAddress("127.0.0.1", broker.port()), java.util.Set.of(),
        Broker.LIMITS, membership, "demo", new Tls(null, null, new io.weft.testkit.FakeSecrets()), time, time, counters))) {
      Await.until("it to fail", SOON, () -> second.problem().contains("in use"));
      broker.close();
      Await.until("it to listen", SOON, () -> {
        time.advance(Duration.ofSeconds(1));
        return second.address().isPresent();
      });
    }
  }
}
