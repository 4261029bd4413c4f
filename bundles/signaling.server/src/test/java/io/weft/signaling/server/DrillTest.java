package io.weft.signaling.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.signaling.SignalType;
import io.weft.support.signal.Envelope;
import io.weft.testkit.Await;
import io.weft.testkit.FormationIdentity;
import io.weft.testkit.RealTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The broker under load and under attack. */
class DrillTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final RealTime time = new RealTime();
  private final Broker broker = Broker.generous(identity("hub"), time, time);
  private final List<Member> open = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Member member : open) {
      member.close();
    }
    broker.close();
    time.close();
  }

  private static FormationIdentity identity(String name) {
    return FormationIdentity.of("a secret of this test", "demo", name);
  }

  private Member member(String name) throws IOException {
    Member member = new Member(identity(name), time, broker.port());
    open.add(member);
    return member;
  }

  private void sendPoll(Member member, String name) throws IOException {
    member.send(member.request("GET", "/poll?peer=" + name, "127.0.0.1:" + broker.port(), ""));
  }

  @Test
  void aThousandMailboxesWaitAtOnceAndEachGetsItsOwn() throws Exception {
    int count = 1_000;
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Member member = member("m" + i);
      members.add(member);
      sendPoll(member, "m" + i);
    }
    Await.until("all to wait", SOON, () -> broker.count("polls_waited") == count);
    for (int i = 0; i < count; i += 100) { // each sender stays within its rate
      Member sender = member("sender" + i);
      for (int to = i; to < i + 100; to++) {
        assertThat(sender.publish("m" + to, SignalType.auth, 1, "for m" + to).status()).isEqualTo(204);
      }
    }
    for (int i = 0; i < count; i++) {
      List<Envelope> got = members.get(i).reply().envelopes();
      assertThat(got).hasSize(1);
      assertThat(new String(got.get(0).signal().data())).isEqualTo("for m" + i);
    }
    assertThat(member("one-more").publish("m1024", SignalType.auth, 1, "x").status()).isEqualTo(204);
  }

  @Test
  void whoFloodsOneMailboxHoldsUpNobody() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger refused = new AtomicInteger();
    CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(stop, refused));
    Member good = member("good");
    Member victim = member("victim");
    List<String> got = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      assertThat(good.publish("victim", i == 0 ? SignalType.auth : SignalType.candidate, 1, "c" + i).status()).isEqualTo(204);
      for (Envelope envelope : victim.poll().envelopes()) {
        if (envelope.from().equals("good")) {
          got.add(new String(envelope.signal().data()));
        }
      }
    }
    Await.until("the flood to be refused", SOON, () -> refused.get() > 20);
    stop.set(true);
    flood.get(SOON.toSeconds(), TimeUnit.SECONDS);
    assertThat(got).hasSize(100).startsWith("c0", "c1").endsWith("c99");
  }

  private void flood(AtomicBoolean stop, AtomicInteger refused) {
    int sent = 0;
    while (!stop.get()) {
      try (Member flooder = new Member(identity("flooder"), time, broker.port())) {
        while (!stop.get() && flooder.publish("victim", SignalType.candidate, 1, "f" + sent++).status() == 204) {
          continue; // until it is refused, which ends the connection
        }
        refused.incrementAndGet();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
