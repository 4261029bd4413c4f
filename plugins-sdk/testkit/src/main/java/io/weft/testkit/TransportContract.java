package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.Path;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkLimits;
import io.weft.transport.Stream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link io.weft.transport.Transport} and its links promise. An implementation extends this class and says how to make an
 * endpoint. Each test also checks that events come on the loop, in order, closed once and last, and that every buffer that it
 * wrote is free at the end.
 */
public abstract class TransportContract extends StreamContract {

  private static final LinkLimits HASTY = new LinkLimits(257, Duration.ofSeconds(1), Duration.ofSeconds(30), 128);

  private static final int WRITE = 10_000;
  private static final int PART = 30 * WRITE;

  // Ends.

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tellsBothSidesWhyItClosed(boolean byDialer) {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    send(stream(pair.near(), answers), 0, 100);
    Await.until("the echo", SOON, () -> answers.received() == 100);

    Reason reason = Reason.of("test_reason", "a detail for people");
    (byDialer ? pair.near() : pair.far()).close(reason); // Not on the loop, on purpose.
    (byDialer ? pair.near() : pair.far()).close(Reason.of("another"));
    Await.until("both ends", SOON, () -> pair.nearHandler().end() != null && pair.farHandler().end() != null);
    assertThat(pair.nearHandler().end()).isEqualTo(new FakeLinkHandler.End(reason, !byDialer));
    assertThat(pair.farHandler().end()).isEqualTo(new FakeLinkHandler.End(reason, byDialer));
    assertThat(answers.events()).containsExactly("closed");
    assertThat(pair.near().isOpen()).isFalse();
    assertThat(pair.far().isOpen()).isFalse();
  }

  @Test
  void freesEverythingThatIsWrittenToAClosedLink() {
    Pair pair = echoing();
    Stream stream = stream(pair.near(), new FakeStreamHandler());
    on(pair.near(), () -> {
      for (int i = 0; i < 200; i++) {
        stream.write(tracked(new byte[65_536])); // Some of it is still queued when the link closes.
      }
      stream.flush();
      pair.near().close(Reason.of("test_reason"));
      stream.write(tracked(new byte[10]));
      assertThat(pair.near().sendDatagram(tracked(new byte[10]))).isFalse();
      return null;
    });
    CompletableFuture<Stream> late = on(pair.near(), () -> pair.near().openStream(new FakeStreamHandler()));
    assertNoStream(late, "closed");
  }

  @Test
  void endsALinkOnWhichNothingArrives() {
    LinkLimits impatient = new LinkLimits(257, Duration.ofSeconds(10), Duration.ofMillis(400), 128);
    Pair pair = pair(impatient, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    Await.until("both ends", SOON, () -> pair.nearHandler().end() != null && pair.farHandler().end() != null);
    assertThat(pair.nearHandler().end().reason().code()).isEqualTo("idle_timeout");
    assertThat(pair.farHandler().end().reason().code()).isEqualTo("idle_timeout");
  }

  @Test
  void opensAgainAfterAClose() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new Echo());
    for (int i = 0; i < 5; i++) {
      Pair pair = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, doorman, s -> new FakeStreamHandler());
      assertStillWorks(pair);
      pair.near().close(Reason.of("test_reason"));
      Await.until("both ends", SOON, () -> pair.nearHandler().end() != null && pair.farHandler().end() != null);
    }
    Pair swapped = dial(b, b.pathTo(a), member("a").self(), LinkLimits.DEFAULT, accept(a, LinkLimits.DEFAULT, s -> new Echo()),
        s -> new FakeStreamHandler());
    assertStillWorks(swapped);
  }

  @Test
  void keepsLinksWhenItStopsAccepting() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Acceptance acceptance = accept(b, HASTY, name -> member("any").expected(name), s -> new Echo());
    Pair pair = dial(a, a.pathTo(b), member("b").self(), HASTY, acceptance.doorman(), s -> new FakeStreamHandler());
    acceptance.registration().close();
    acceptance.registration().close();
    FakeLinkHandler second = handler(s -> new FakeStreamHandler());
    get(ended(a.transport().open(member("b").self(), a.pathTo(b), HASTY, second), second));
    assertThat(acceptance.doorman().accepted()).hasSize(1);
    assertStillWorks(pair);
  }

  /** Of a transport that lets links go on while the next version takes over: both work, for as long as the old ones need. */
  @Test
  void linksGoOnWhileItIsUpdated() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Pair first = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, accept(b, LinkLimits.DEFAULT, s -> new Echo()),
        s -> new FakeStreamHandler());
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream inFlight = stream(first.near(), answers);
    send(inFlight, 0, 1_000);
    Await.until("the echo", SOON, () -> answers.received() == 1_000);
    assumeTrue(b.update(), "this transport cuts its links when it is updated");

    Pair second = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, accept(b, LinkLimits.DEFAULT, s -> new Echo()),
        s -> new FakeStreamHandler());
    assertStillWorks(second);
    assertStillWorks(first);
    send(inFlight, 1_000, 99_000);
    Await.until("the echo of the stream that was open", SOON, () -> answers.received() == 100_000);
    Pair back = dial(b, b.pathTo(a), member("a").self(), LinkLimits.DEFAULT, accept(a, LinkLimits.DEFAULT, s -> new Echo()),
        s -> new FakeStreamHandler());
    assertStillWorks(back);
    first.near().close(Reason.of("test_reason"));
    Await.until("the end of the first", SOON, () -> first.farHandler().end() != null);
    assertStillWorks(second);
    assertStillWorks(back);
  }

  /** The stream is older than all versions that are updated under it, at either side, and no byte of it is lost, repeated or out of order. */
  @Test
  void aStreamGoesOnThroughThreeUpdatesInARow() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Pair first = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, accept(b, LinkLimits.DEFAULT, s -> new Echo()),
        s -> new FakeStreamHandler());
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream inFlight = stream(first.near(), answers);
    int sent = 0;
    for (TransportEndpoint updated : List.of(b, b, b, a, a, a)) {
      sendPart(inFlight, sent); // under way meanwhile
      sent += PART;
      assumeTrue(updated.update(), "this transport cuts its links when it is updated");
      Pair next = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, accept(b, LinkLimits.DEFAULT, s -> new Echo()),
          s -> new FakeStreamHandler());
      assertStillWorks(next);
    }
    sendPart(inFlight, sent);
    finish(inFlight);
    int all = sent + PART;
    Await.until("the end of the stream", SOON, () -> answers.has("closed"));
    assertThat(answers.received()).isEqualTo(all);
    assertThat(answers.sha()).isEqualTo(shaOf(0, all));
    assertThat(answers.violations()).isEmpty();
    assertStillWorks(first);
  }

  private void sendPart(Stream stream, int from) {
    on(stream.link(), () -> {
      for (int at = 0; at < PART; at += WRITE) {
        stream.write(tracked(pattern(0, from + at, WRITE)));
      }
      stream.flush();
      return null;
    });
  }

  @Test
  void countsWhatItCarried() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    send(stream(pair.near(), answers), 0, 100_000);
    Await.until("the echo", SOON, () -> answers.received() == 100_000);
    for (Link end : List.of(pair.near(), pair.far())) {
      Await.until("the figures", SOON, () -> end.stats().bytesSent() >= 100_000 && end.stats().bytesReceived() >= 100_000);
    }
    assertThat(pair.near().transport()).isEqualTo(pair.far().transport());
    assertThat(pair.near().path().remoteAddress()).isNotEmpty();
  }

  // Who gets in.

  @Test
  void refusesAnAcceptorWithAnotherKey() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new Echo());
    FakeLinkHandler never = handler(s -> new FakeStreamHandler());
    assertThat(failure(a.transport().open(impostor("b"), a.pathTo(b), LinkLimits.DEFAULT, never))).isEqualTo("wrong_key");
    assertThat(failure(a.transport().open(member("c").self(), a.pathTo(b), LinkLimits.DEFAULT, never)))
        .isIn("wrong_name", "wrong_key");
    assertThat(doorman.accepted()).isEmpty();
    assertThat(never.end()).isNull();
  }

  @Test
  void refusesADialerThatIsNotExpected() {
    assertRefused(member("a"), name -> Optional.empty(), "unknown_peer");
  }

  @Test
  void refusesADialerWithAnotherKey() {
    FakeIdentity forged = new FakeIdentity("test", "a", FakeCertificates.keys("impostor/a"));
    assertRefused(forged, name -> member("any").expected(name), "wrong_key");
  }

  /** The dialer may believe for a moment that it is in (TLS 1.3 lets it), but never hears more than the refusal. */
  private void assertRefused(FakeIdentity dialer, Function<String, Optional<PeerIdentity>> expected, String code) {
    TransportEndpoint a = open(dialer);
    TransportEndpoint b = open(member("b"));
    Acceptance acceptance = accept(b, LinkLimits.DEFAULT, expected, s -> new Echo());
    FakeLinkHandler handler = handler(s -> new FakeStreamHandler());
    Reason reason = get(ended(a.transport().open(member("b").self(), a.pathTo(b), LinkLimits.DEFAULT, handler), handler));
    assertThat(reason.code()).isIn(code, "refused");
    assertThat(acceptance.doorman().accepted()).isEmpty();
    Await.until("the count", SOON, () -> b.transport().counters().getOrDefault("handshakes_refused_" + code, 0L) == 1);
  }

  @Test
  void givesUpWhereNobodyIs() {
    TransportEndpoint a = open(member("a"));
    FakeLinkHandler never = handler(s -> new FakeStreamHandler());
    long start = System.nanoTime();
    assertThat(failure(a.transport().open(member("b").self(), a.pathToNobody(), HASTY, never))).isEqualTo("unreachable");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(HASTY.handshakeTimeout().multipliedBy(3));
  }

  @Test
  void freesAnAttemptThatIsCancelled() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new Echo());
    List<FakeLinkHandler> cancelled = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      FakeLinkHandler handler = handler(s -> new FakeStreamHandler());
      Path path = i == 0 ? a.pathToNobody() : a.pathTo(b);
      CompletableFuture<Link> attempt = a.transport().open(member("b").self(), path, LinkLimits.DEFAULT, handler);
      if (attempt.cancel(false)) {
        cancelled.add(handler);
      } else {
        attempt.thenAccept(link -> link.close(Reason.of("test_reason"))); // It was faster.
      }
    }
    FakeLinkHandler last = handler(s -> new FakeStreamHandler());
    Link link = get(a.transport().open(member("b").self(), a.pathTo(b), LinkLimits.DEFAULT, last));
    FakeStreamHandler answers = new FakeStreamHandler();
    send(stream(link, answers), 0, 1000);
    Await.until("the echo", SOON, () -> answers.received() == 1000);
    Await.until("the other links to end", SOON, () -> doorman.accepted().stream().filter(h -> h.end() == null).count() == 1);
    assertThat(cancelled).isNotEmpty().allMatch(h -> h.end() == null);
  }

  /** Why an attempt failed, or why its link ended. */
  private static CompletableFuture<Reason> ended(CompletableFuture<Link> opening, FakeLinkHandler handler) {
    CompletableFuture<Reason> ended = new CompletableFuture<>();
    opening.whenComplete((link, failure) -> {
      if (failure instanceof HandshakeFailed failed) {
        ended.complete(failed.reason());
      } else if (failure != null) {
        ended.completeExceptionally(failure);
      } else {
        handler.on(link);
        Thread waiter = new Thread(() -> {
          Await.until("the link to end", SOON, () -> handler.end() != null);
          ended.complete(handler.end().reason());
        });
        waiter.setDaemon(true);
        waiter.start();
      }
    });
    return ended;
  }
}
