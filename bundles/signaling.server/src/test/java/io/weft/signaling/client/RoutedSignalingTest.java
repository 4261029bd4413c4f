package io.weft.signaling.client;

import static io.weft.signaling.SignalType.auth;
import static io.weft.signaling.SignalType.candidate;
import static io.weft.signaling.SignalType.done;
import static io.weft.signaling.client.Station.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.node.HealthStatus;
import io.weft.signaling.server.Broker;
import io.weft.testkit.Await;
import io.weft.testkit.ManualTime;
import io.weft.testkit.RealTime;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RoutedSignalingTest {

  private final RealTime time = new RealTime();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(time));

  @AfterEach
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Station station(String name, String... brokers) {
    Station station = new Station(name, time, time, brokers);
    open.add(station);
    return station;
  }

  private Broker broker() {
    Broker broker = new Broker(time, time);
    open.add(broker);
    return broker;
  }

  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void signalsGoThroughABrokerInOrderBothWays() throws Exception {
    Broker broker = broker();
    Station a = station("a", broker.url()).knows("b").listens();
    Station b = station("b", broker.url()).knows("a").listens();
    a.send("b", auth, 1, "ufrag:pwd");
    for (int i = 0; i < 10; i++) {
      a.send("b", candidate, 1, "c" + i);
    }
    assertThat(Station.outcome(a.send("b", done, 1, ""))).isEqualTo(broker.url());
    b.send("a", auth, 9, "x");

    b.awaitGot(12);
    a.awaitGot(1);
    assertThat(a.got).containsExactly("b auth9 x via broker");
    assertThat(b.got).startsWith("a auth1 ufrag:pwd via broker", "a candidate1 c0 via broker").endsWith("a done1  via broker");
    assertThat(a.broker(0).up()).isTrue();
    assertThat(a.broker(0).clockSkew()).isEqualTo(Duration.ZERO);
    assertThat(a.signaling.check()).singleElement().matches(r -> r.status() == HealthStatus.ok);
  }

  @Test
  void connectionsThatWentSilentAreMadeAnew() throws Exception {
    ForgetfulNat nat = new ForgetfulNat();
    open.add(nat);
    Broker broker = Broker.behind(nat.address(), time, time);
    open.add(broker);
    nat.leadTo(broker.port());
    Station a = station("a", nat.url()).knows("b").listens();
    Station b = station("b", nat.url()).knows("a").listens();
    a.send("b", auth, 1, "x");
    b.awaitGot(1);

    nat.forget();
    b.signaling.renew();
    assertThat(Station.outcome(a.send("b", auth, 2, "y"))).as("the sender notices by itself").isEqualTo(nat.url());
    b.awaitGot(2);
    b.send("a", auth, 1, "z");
    a.awaitGot(1);
    assertThat(a.broker(0).up()).isTrue();
    assertThat(b.signaling.counters()).containsEntry("connections_renewed", 1L);
  }

  @Test
  void oneOfTwoBrokersIsEnough() throws Exception {
    Broker broker = broker();
    String dead = nobody();
    Station a = station("a", dead, broker.url()).knows("b").listens();
    Station b = station("b", broker.url(), dead).knows("a").listens();

    assertThat(Station.outcome(a.send("b", auth, 1, "x"))).isEqualTo(broker.url());

    b.awaitGot(1);
    Await.until("the dead one to be known", SOON, () -> a.broker(0).problem() != null);
    assertThat(a.broker(0).problem().code()).isEqualTo("unreachable");
    assertThat(a.signaling.check()).singleElement().matches(r -> r.status() == HealthStatus.warn)
        .matches(r -> r.message().startsWith("1 of 2 brokers up; not " + dead));
  }

  @Test
  void whatComesThroughTwoBrokersIsHandedOverOnce() throws Exception {
    Broker one = broker();
    Broker two = broker();
    Station a = station("a", one.url(), two.url()).knows("b");
    Station b = station("b", one.url(), two.url()).knows("a").listens();
    for (int i = 1; i <= 20; i++) {
      assertThat(Station.outcome(a.send("b", i % 5 == 1 ? auth : candidate, 1 + i / 5, "c" + i))).startsWith("http");
    }
    Await.until("the copies", SOON, () -> b.signaling.counters().getOrDefault("signals_dropped_repeated", 0L)
        + b.signaling.counters().getOrDefault("signals_dropped_stale_attempt", 0L) >= 1 && b.got.contains("a candidate5 c20 via broker"));
    assertThat(b.got).doesNotHaveDuplicates();
  }

  @Test
  void aBrokerThatComesBackIsUsedAgain() throws Exception {
    Broker first = broker();
    Station a = station("a", first.url()).knows("b").listens();
    Station b = station("b", first.url()).knows("a").listens();
    assertThat(Station.outcome(a.send("b", auth, 1, "x"))).isEqualTo(first.url());
    b.awaitGot(1);
    int port = first.port();
    first.close();
    Await.until("both to notice", SOON, () -> a.broker(0).problem() != null && b.broker(0).problem() != null);
    assertThat(a.signaling.reaches(Station.peer("b"))).isFalse();
    assertThat(Station.outcome(a.send("b", auth, 2, "y"))).isEqualTo("unreachable");

    open.add(new Broker(time, time, port));

    Await.until("both to find it", SOON, () -> a.broker(0).up() && b.broker(0).up());
    assertThat(Station.outcome(a.send("b", auth, 3, "z"))).isEqualTo(first.url());
    b.awaitGot(2);
    assertThat(b.got).last().isEqualTo("a auth3 z via broker");
  }

  @Test
  void withoutABrokerOrALinkThereIsNoWay() throws Exception {
    Station a = station("a").knows("b");
    assertThat(a.signaling.reaches(Station.peer("b"))).isFalse();
    assertThat(Station.outcome(a.send("b", auth, 1, "x"))).isEqualTo("no_broker");
    Station b = station("b", nobody()).knows("a");
    assertThat(b.signaling.reaches(Station.peer("a"))).isTrue();
    assertThat(Station.outcome(b.send("a", auth, 1, "x"))).isEqualTo("unreachable");
    assertThat(b.signaling.reaches(Station.peer("a"))).isFalse();
  }

  @Test
  void aLaterAttemptTakesThePlaceOfAnEarlierOne() throws Exception {
    HostileBroker slow = new HostileBroker();
    open.add(slow);
    slow.status = 429;
    Station a = station("a", slow.url()).knows("b");
    CompletableFuture<String> first = a.send("b", auth, 1, "x");
    Await.until("it to be tried", SOON, () -> !slow.taken.isEmpty());
    CompletableFuture<String> second = a.send("b", auth, 2, "x");
    slow.status = 204;
    assertThat(Station.outcome(first)).isEqualTo("cancelled");
    assertThat(Station.outcome(second)).isEqualTo(slow.url());
    assertThat(Station.outcome(a.send("b", candidate, 1, "x"))).isEqualTo("cancelled");
  }

  @Test
  void clocksThatDifferAreNamed() throws Exception {
    ManualTime ahead = new ManualTime(time.now().plus(Duration.ofMinutes(5)));
    Broker wrong = new Broker(ahead, ahead);
    open.add(wrong);
    Station a = station("a", wrong.url()).knows("b");
    assertThat(Station.outcome(a.send("b", auth, 1, "x"))).isEqualTo("clock_skew");
    assertThat(a.broker(0).clockSkew()).isBetween(Duration.ofSeconds(290), Duration.ofSeconds(310));
    assertThat(a.broker(0).problem().code()).isEqualTo("clock_skew");
  }

  @Test
  void nothingIsLeftBehind() throws Exception {
    Broker broker = broker();
    Station a = station("a", broker.url()).knows("b").listens();
    a.send("b", auth, 1, "x");
    Await.until("it to poll", SOON, () -> broker.count("polls_waited") == 1);
    CompletableFuture<String> late = a.send("b", auth, 2, "x");
    a.close();
    assertThat(Station.outcome(late)).isIn("cancelled", broker.url());
    assertThat(Station.outcome(a.send("b", auth, 3, "x"))).isEqualTo("cancelled");
    Await.until("its thread to end", SOON,
        () -> Thread.getAllStackTraces().keySet().stream().noneMatch(t -> t.getName().equals("weft-signaling-1")));
  }
}
