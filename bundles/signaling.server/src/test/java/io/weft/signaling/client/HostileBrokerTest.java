package io.weft.signaling.client;

import static io.weft.signaling.SignalType.auth;
import static io.weft.signaling.SignalType.candidate;
import static io.weft.signaling.client.Station.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.signaling.Signal;
import io.weft.signaling.SignalType;
import io.weft.signaling.server.Broker;
import io.weft.support.signal.Envelope;
import io.weft.support.signal.EnvelopeJson;
import io.weft.support.signal.RequestProof;
import io.weft.support.signal.Sealer;
import io.weft.testkit.Await;
import io.weft.testkit.FakeIdentity;
import io.weft.testkit.RealTime;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A broker can keep silent. It can do nothing else. */
class HostileBrokerTest {

  private final RealTime time = new RealTime();
  private final HostileBroker hostile = new HostileBroker();
  private Station b;

  @BeforeEach
  void listen() {
    b = new Station("b", time, time, hostile.url()).knows("a");
  }

  @AfterEach
  void close() {
    b.close();
    hostile.close();
    time.close();
  }

  private Sealer sealer(FakeIdentity identity) {
    return new Sealer(identity, "demo", time);
  }

  private Envelope sealed(String from, String to, SignalType type, long attempt, String data) {
    return sealer(new FakeIdentity("demo", from)).seal(to, new Signal(type, attempt, data.getBytes()));
  }

  private void answers(Envelope... envelopes) {
    hostile.answer = () -> HostileBroker.list(List.of(envelopes));
  }

  private long dropped(String why) {
    return b.signaling.counters().getOrDefault("signals_dropped_" + why, 0L);
  }

  @Test
  void itCannotRepeat() {
    answers(sealed("a", "b", auth, 1, "x"));
    b.listens();
    Await.until("many repetitions", SOON, () -> dropped("repeated") >= 20);
    assertThat(b.got).containsExactly("a auth1 x via broker");
  }

  @Test
  void itCannotGoBackToAnEarlierAttempt() {
    Envelope old = sealed("a", "b", auth, 1, "old");
    Envelope alsoOld = sealed("a", "b", candidate, 1, "old");
    Envelope late = sealed("a", "b", auth, 2, "new");
    answers(late, old, alsoOld);
    b.listens();
    Await.until("it to try", SOON, () -> dropped("stale_attempt") >= 2);
    assertThat(b.got).containsExactly("a auth2 new via broker");
  }

  @Test
  void itCannotMakeUpOrChangeAnything() throws Exception {
    Envelope real = sealed("a", "b", auth, 5, "real");
    FakeIdentity impostor = new FakeIdentity("demo", "a", KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
    List<Envelope> bad = new ArrayList<>(List.of(
        sealer(impostor).seal("b", new Signal(auth, 9, new byte[0])),
        new Envelope("a", "b", new Signal(auth, 9, new byte[] {1}), real.time(), real.nonce(), real.signature()),
        new Envelope("a", "b", real.signal(), real.time() + 1, real.nonce(), real.signature()),
        sealed("a", "c", auth, 9, "for another"),
        sealed("stranger", "b", auth, 9, "not in the directory")));
    Collections.shuffle(bad);
    bad.add(real);
    answers(bad.toArray(Envelope[]::new));
    b.listens();
    b.awaitGot(1);
    assertThat(b.got).containsExactly("a auth5 real via broker");
    assertThat(dropped("forged")).isGreaterThanOrEqualTo(3);
    assertThat(dropped("not_for_us")).isPositive();
    assertThat(dropped("unknown_peer")).isPositive();
  }

  @Test
  void garbageAndHasteCostLittle() {
    String[] bad = {"[]", "null", "{}", "[[[[", "[1,2,3]", "x".repeat(EnvelopeJson.LIST_MAX + 1), ""};
    int[] turn = {0};
    hostile.answer = () -> bad[turn[0]++ % bad.length];
    b.listens();
    Await.until("two polls", SOON, () -> hostile.polls.get() >= 3);
    assertThat(hostile.polls.get()).isLessThan(10);
    assertThat(b.got).isEmpty();
  }

  @Test
  void oneThatHangsDelaysNothingElse() throws Exception {
    try (Broker honest = new Broker(time, time);
        Station a = new Station("a", time, time, hostile.url(), honest.url()).knows("c");
        Station c = new Station("c", time, time, honest.url(), hostile.url()).knows("a").listens()) {
      CountDownLatch never = new CountDownLatch(1);
      hostile.answer = () -> {
        try {
          never.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt(); // the test is over
        }
        return "[]";
      };
      assertThat(Station.outcome(a.send("c", auth, 1, "x"))).startsWith("http");
      c.awaitGot(1);
    }
  }

  @Test
  void itCannotUseItsProofsElsewhere() throws Exception {
    try (Broker honest = new Broker(time, time)) {
      b.listens();
      Await.until("a proof", SOON, () -> !hostile.proofs.isEmpty());
      RequestProof proof = RequestProof.parse(hostile.proofs.get(0));
      HttpRequest stolen = HttpRequest.newBuilder(URI.create(honest.url() + "/poll?peer=b"))
          .header("Authorization", proof.header()).GET().build();
      assertThat(HttpClient.newHttpClient().send(stolen, BodyHandlers.ofString()).body()).contains("unknown_member");
      assertThat(honest.count("requests_refused_unknown_member")).isEqualTo(1);
    }
  }

  private static String http(String date, String body) {
    return "HTTP/1.1 200 OK\r\nDate: " + date + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void whatItSaysOfTheTimeChangesNothing() throws Exception {
    String list = HostileBroker.list(List.of(sealed("a", "c", auth, 1, "x")));
    try (RawBroker liar = new RawBroker(http("Fri, 31 Dec 9999 23:59:59 GMT", list), http("yesterday", "[]"));
        Station c = new Station("c", time, time, liar.url()).knows("a").listens()) {
      c.awaitGot(1);
      assertThat(c.broker(0).clockSkew()).isGreaterThan(Duration.ofDays(1_000_000));
      Await.until("it to be counted", SOON, () -> c.signaling.counters().getOrDefault("answers_without_date", 0L) > 0);
      assertThat(c.broker(0).up()).isTrue();
    }
  }

  @Test
  void itCannotMakeUsHoldMoreThanItsBounds() throws Exception {
    String endless = "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n" + "x".repeat(1_000_000);
    String header = "HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000) + "\r\nContent-Length: 2\r\n\r\n[]";
    for (String bad : List.of(endless, header, "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 302 Found\r\nLocation: http://x/\r\nContent-Length: 0\r\n\r\n")) {
      try (RawBroker liar = new RawBroker(bad); Station c = new Station("c", time, time, liar.url()).knows("a").listens()) {
        Await.until("it to be down", SOON, () -> c.broker(0).problem() != null || !c.broker(0).up() && liar.requests() > 1);
        assertThat(c.broker(0).up()).isFalse();
      }
    }
  }
}
