package io.weft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.weft.node.PeerIdentity;
import io.weft.node.Reason;
import io.weft.path.Path;
import io.weft.transport.HandshakeFailed;
import io.weft.transport.Link;
import io.weft.transport.LinkLimits;
import io.weft.transport.NoStream;
import io.weft.transport.Stream;
import java.nio.charset.StandardCharsets;
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
public abstract class TransportContract extends TransportHarness {

  private static final LinkLimits HASTY = new LinkLimits(257, Duration.ofSeconds(1), Duration.ofSeconds(30), 128);

  // Bytes.

  @Test
  void carriesBytesBothWays() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream stream = stream(pair.near(), answers);
    on(pair.near(), () -> {
      stream.write(tracked("hello ".getBytes(StandardCharsets.US_ASCII)));
      stream.write(tracked("fabric".getBytes(StandardCharsets.US_ASCII)));
      stream.flush();
      return null;
    });
    Await.until("the echo", SOON, () -> answers.text().equals("hello fabric"));
    assertThat(answers.events()).isEmpty();
    assertThat(pair.near().peer()).isEqualTo(member("b").self());
    assertThat(pair.far().peer()).isEqualTo(member("a").self());
    assertThat(pair.near().dialed()).isTrue();
    assertThat(pair.far().dialed()).isFalse();
    assertThat(pair.near().isOpen()).isTrue();
  }

  @Test
  void letsTheAcceptorOpenStreamsToo() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new Echo(), s -> new FakeStreamHandler());
    FakeStreamHandler answers = new FakeStreamHandler();
    send(stream(pair.far(), answers), 3, 1000);
    Await.until("the echo", SOON, () -> answers.received() == 1000);
    assertThat(answers.sha()).isEqualTo(shaOf(3, 1000));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1200, 65_537, 1 << 20, 8 << 20})
  void keepsTheTailWhenOneSideFinishesAndThenTheOther(int size) {
    List<FakeStreamHandler> far = new ArrayList<>();
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> {
      far.add(new FakeStreamHandler());
      return far.get(0);
    });
    FakeStreamHandler near = new FakeStreamHandler();
    Stream out = stream(pair.near(), near);
    send(out, 1, size);
    finish(out);
    Await.until("the far side to see the end", SOON, () -> !pair.farHandler().streams().isEmpty() && far.get(0).has("finished"));
    assertThat(far.get(0).received()).isEqualTo(size);
    assertThat(far.get(0).sha()).isEqualTo(shaOf(1, size));
    assertThat(far.get(0).has("closed")).isFalse();

    Stream back = far.get(0).stream();
    send(back, 2, size);
    finish(back);
    Await.until("the near side to see the end", SOON, () -> near.has("closed") && far.get(0).has("closed"));
    assertThat(near.sha()).isEqualTo(shaOf(2, size));
    assertThat(near.events().stream().filter(e -> !e.equals("writable"))).containsExactly("finished", "closed");
    assertThat(far.get(0).events().stream().filter(e -> !e.equals("writable"))).containsExactly("finished", "closed");
  }

  @Test
  void dropsWhatIsWrittenAfterTheEnd() {
    Pair pair = echoing();
    FakeStreamHandler answers = new FakeStreamHandler();
    Stream stream = stream(pair.near(), answers);
    send(stream, 0, 10);
    finish(stream);
    finish(stream);
    send(stream, 0, 10);
    Await.until("closed", SOON, () -> answers.has("closed"));
    send(stream, 0, 10);
    on(pair.near(), () -> {
      stream.reset(1);
      return null;
    });
    assertThat(answers.received()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7, 1 << 20})
  void tellsThePeerTheCodeOfAReset(int code) {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    send(stream, 0, 10);
    Await.until("the stream at the far side", SOON, () -> !pair.farHandler().streams().isEmpty());
    on(pair.near(), () -> {
      stream.reset(code);
      stream.reset(code + 1);
      return null;
    });
    FakeStreamHandler far = pair.farHandler().streams().get(0);
    Await.until("both ends closed", SOON, () -> near.has("closed") && far.has("closed"));
    assertThat(far.events()).containsExactly("reset " + code, "closed");
    assertThat(near.events()).containsExactly("closed");
    assertStillWorks(pair);
  }

  @Test
  void carries200StreamsAtOnce() {
    Pair pair = echoing();
    List<FakeStreamHandler> answers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      answers.add(new FakeStreamHandler());
      Stream stream = stream(pair.near(), answers.get(i));
      send(stream, i, 50_000);
      finish(stream);
    }
    Await.until("all to close", SOON, () -> answers.stream().allMatch(a -> a.has("closed")));
    for (int i = 0; i < 200; i++) {
      assertThat(answers.get(i).sha()).as("stream %d", i).isEqualTo(shaOf(i, 50_000));
      assertThat(answers.get(i).violations()).isEmpty();
    }
  }

  @Test
  void refusesStreamsOverThePeersLimitUntilOneCloses() {
    LinkLimits four = new LinkLimits(4, Duration.ofSeconds(10), Duration.ofSeconds(30), 128);
    Pair pair = pair(four, s -> new FakeStreamHandler(), s -> new Echo());
    List<FakeStreamHandler> handlers = new ArrayList<>();
    List<Stream> streams = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      handlers.add(new FakeStreamHandler());
      streams.add(stream(pair.near(), handlers.get(i)));
      send(streams.get(i), i, 10);
    }
    CompletableFuture<Stream> fifth = on(pair.near(), () -> pair.near().openStream(new FakeStreamHandler()));
    assertNoStream(fifth, "limit");

    finish(streams.get(2));
    Await.until("the stream to close", SOON, () -> handlers.get(2).has("closed"));
    FakeStreamHandler answer = new FakeStreamHandler();
    Await.until("room for another", SOON, () -> {
      CompletableFuture<Stream> again = on(pair.near(), () -> pair.near().openStream(answer));
      again.thenAccept(s -> send(s, 9, 10));
      return !again.isCompletedExceptionally();
    });
    Await.until("its echo", SOON, () -> answer.received() == 10);
  }

  @Test
  void saysWhenAStreamIsWritableAgain() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new FakeStreamHandler());
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    int sent = on(pair.near(), () -> {
      int n = 0;
      while (stream.isWritable() && n < 64 << 20) {
        stream.write(tracked(pattern(0, n, 65_536)));
        n += 65_536;
      }
      stream.flush();
      return n;
    });
    assertThat(sent).as("bytes until not writable").isLessThan(64 << 20);
    Await.until("writable", SOON, () -> near.has("writable") && pair.farHandler().streams().get(0).received() == sent);
  }

  @Test
  void closesOnlyTheStreamWhoseHandlerThrows() {
    Pair pair = pair(LinkLimits.DEFAULT, s -> new FakeStreamHandler(), s -> new Echo() {
      @Override
      public void data(Stream from, ByteBuf bytes) {
        boolean bad = bytes.getByte(bytes.readerIndex()) == 'x';
        super.data(from, bytes);
        if (bad) {
          throw new IllegalArgumentException("thrown on purpose");
        }
      }
    });
    FakeStreamHandler near = new FakeStreamHandler();
    send(stream(pair.near(), near), 'x', 1);
    Await.until("the reset", SOON, () -> near.has("closed"));
    assertThat(near.events().get(0)).startsWith("reset");
    assertStillWorks(pair);
  }

  // Datagrams.

  @Test
  void keepsTheBoundariesOfDatagrams() {
    Pair pair = echoing();
    assertThat(pair.near().datagramMax()).isGreaterThanOrEqualTo(1000);
    for (int i = 0; i < 20; i++) {
      byte[] payload = ("datagram " + i + " " + "x".repeat(i * 40)).getBytes(StandardCharsets.ISO_8859_1);
      assertThat(on(pair.near(), () -> pair.near().sendDatagram(tracked(payload)))).isTrue();
    }
    Await.until("datagrams", SOON, () -> pair.farHandler().datagrams().size() == 20);
    assertThat(pair.farHandler().datagrams()).allMatch(d -> d.matches("datagram (\\d+) x*"))
        .allMatch(d -> d.chars().filter(c -> c == 'x').count() == 40 * Integer.parseInt(d.split(" ")[1]));
    on(pair.far(), () -> pair.far().sendDatagram(tracked(new byte[] {'b', 'a', 'c', 'k'})));
    Await.until("the way back", SOON, () -> pair.nearHandler().datagrams().equals(List.of("back")));
  }

  @Test
  void countsDatagramsThatItDrops() {
    TransportEndpoint a = open(member("a"));
    TransportEndpoint b = open(member("b"));
    Doorman doorman = accept(b, LinkLimits.DEFAULT, s -> new FakeStreamHandler());
    Pair pair = dial(a, a.pathTo(b), member("b").self(), LinkLimits.DEFAULT, doorman, s -> new FakeStreamHandler());
    long before = a.transport().counters().get("datagrams_dropped");
    int tooLong = pair.near().datagramMax() + 1;
    assertThat(on(pair.near(), () -> pair.near().sendDatagram(tracked(new byte[tooLong])))).isFalse();
    int sent = on(pair.near(), () -> {
      int n = 0;
      for (int i = 0; i < 2000; i++) {
        n += pair.near().sendDatagram(tracked(new byte[1000])) ? 1 : 0;
      }
      return n;
    });
    long dropped = 2001 - sent;
    assertThat(dropped).isPositive();
    Await.until("the count", SOON, () -> a.transport().counters().get("datagrams_dropped") - before >= dropped);
    Await.until("the link's count", SOON, () -> pair.near().stats().datagramsDropped() >= dropped);
    Await.until("the others", SOON, () -> !pair.farHandler().datagrams().isEmpty());
  }

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

  private void assertStillWorks(Pair pair) {
    FakeStreamHandler near = new FakeStreamHandler();
    Stream stream = stream(pair.near(), near);
    int before = pair.farHandler().streams().size();
    send(stream, 5, 2000);
    Await.until("bytes to arrive", SOON, () -> pair.farHandler().streams().size() > before
        && pair.farHandler().streams().get(pair.farHandler().streams().size() - 1).received() == 2000);
    assertThat(near.violations()).isEmpty();
  }

  private static void assertNoStream(CompletableFuture<Stream> opening, String code) {
    assertThatThrownBy(() -> get(opening)).cause()
        .isInstanceOfSatisfying(NoStream.class, e -> assertThat(e.reason().code()).isEqualTo(code));
  }

  private static void finish(Stream stream) {
    on(stream.link(), () -> {
      stream.finish();
      return null;
    });
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
